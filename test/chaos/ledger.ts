/** What must hold however the machines fail (security goals §6), in the words of whoever depends on it. */
export const invariants = {
  once: 'of two who show one code, refresh token, assertion or pushed request at two nodes, one at most gets anything',
  spent: 'what was spent is not taken later either, whatever was killed, emptied or cut off in between',
  recorded: 'whoever got a token finds its event in the log of record',
  revoked: 'what was revoked is dead on both nodes five seconds later',
  evidence: 'no sign-in is called stronger than it was',
  kept: 'what was acknowledged is there: accounts, passkeys, consents, clients, events',
  returns: 'whoever had an account signs in with the same passkey when all is over',
  subject: 'a person is the same subject each time',
  deadline: 'every request ends within its deadline, while its node runs',
  honest: 'no answer is an internal error',
  keys: 'the key set and the discovery document are answered while a store is away',
  back: 'both nodes take traffic again by themselves',
} as const
export type Invariant = keyof typeof invariants

type Count = { looks: number; breaches: number }

export type Ledger = {
  /** One look at an invariant; `detail` is what is printed where it did not hold. */
  look: (invariant: Invariant, holds: boolean, detail: string) => void
  counts: () => Readonly<Record<Invariant, Count>>
  /** The first breaches, in words. */
  breaches: () => readonly string[]
}

const mostTold = 20

export function makeLedger(): Ledger {
  const counts = { once: none(), spent: none(), recorded: none(), revoked: none(), evidence: none(), kept: none(), returns: none(), subject: none(), deadline: none(), honest: none(), keys: none(), back: none() } satisfies Record<Invariant, Count>
  const breaches: string[] = []
  return {
    look(invariant, holds, detail) {
      counts[invariant].looks += 1
      if (holds) return
      counts[invariant].breaches += 1
      if (breaches.length < mostTold) breaches.push(`${invariant}: ${detail}`)
    },
    counts: () => counts,
    breaches: () => breaches,
  }
}

const none = (): Count => ({ looks: 0, breaches: 0 })

/** A table of every invariant, for people and for docs/reliability.md. */
export function table(ledger: Pick<Ledger, 'counts'>): string {
  const counts = ledger.counts()
  const names = Object.keys(invariants).filter((name): name is Invariant => Object.hasOwn(counts, name))
  return ['| invariant | looks | breaches |', '|---|---|---|', ...names.map((name) => `| ${invariants[name]} | ${counts[name].looks} | ${counts[name].breaches} |`)].join('\n')
}

export function isSound(ledger: Pick<Ledger, 'counts'>): boolean {
  return Object.values(ledger.counts()).every(({ breaches }) => breaches === 0)
}
