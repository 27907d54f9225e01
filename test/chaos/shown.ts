import type { Told } from '#test/support/journey.ts'
import type { Ledger } from './ledger.ts'

/** Nobody answered, or not to the end: what was asked may have been done. */
export const unknown = (): Told => ({ status: 0, headers: new Headers(), text: '', json: {} })

/** One value shown at every node at the same time: at most one may get anything for it. Answers what came. */
export async function showEverywhere(what: string, shows: readonly (() => Promise<Told>)[], { ledger, isTaken }: { ledger: Ledger; isTaken: (told: Told) => boolean }): Promise<readonly Told[]> {
  const answers = await Promise.all(shows.map((show) => show().catch(unknown)))
  ledger.look('once', answers.filter(isTaken).length <= 1, `${what} was taken by ${answers.filter(isTaken).length}`)
  return answers
}
