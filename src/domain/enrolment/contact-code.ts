import { timingSafeEqual } from 'node:crypto'
import type { InteractionId } from '#kernel/id.ts'

/**
 * The code that proves a contact address. It is no authentication factor: it never signs anybody in. Each code has a
 * number (`generation`), so that tries at an old one do not count against a new one.
 */
export type ContactCodeStore = {
  /** The number of the next code of this interaction, never the same twice. */
  next: (interaction: InteractionId) => Promise<number>
  put: (interaction: InteractionId, generation: number, sent: Sent) => Promise<void>
  /** Counts one more try, atomically, and answers how many there have been. */
  tried: (interaction: InteractionId, generation: number) => Promise<number>
  read: (interaction: InteractionId, generation: number) => Promise<Sent | undefined>
  /** Reads and forgets in one step: of racing redeemers exactly one gets it. */
  take: (interaction: InteractionId, generation: number) => Promise<Sent | undefined>
}

/** A code and the address it went to, of mail or a phone: proving the one proves the other and nothing else. */
export type Sent = { code: string; email: string }

export type Redemption = { is: 'right'; email: string } | { is: 'wrong'; left: number } | { is: 'spent' }

/** `tries` counts before it compares, so that parallel guesses get no more of them (CVE-2024-4629). */
export async function redeem(
  codes: Pick<ContactCodeStore, 'tried' | 'read' | 'take'>,
  interaction: InteractionId,
  { generation, typed, tries }: { generation: number; typed: string; tries: number },
): Promise<Redemption> {
  const tried = await codes.tried(interaction, generation)
  if (tried > tries) return { is: 'spent' }
  const sent = await codes.read(interaction, generation)
  if (sent === undefined) return { is: 'spent' }
  if (!same(sent.code, typed)) return tried === tries ? { is: 'spent' } : { is: 'wrong', left: tries - tried }
  const taken = await codes.take(interaction, generation)
  return taken === undefined ? { is: 'spent' } : { is: 'right', email: taken.email }
}

function same(code: string, typed: string): boolean {
  const [a, b] = [Buffer.from(code), Buffer.from(typed)]
  return a.length === b.length && timingSafeEqual(a, b)
}
