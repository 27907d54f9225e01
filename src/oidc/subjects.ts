import type { KeyObject } from 'node:crypto'
import type { AccountId, Sector } from '#kernel/id.ts'
import type { SubjectStore } from '#domain/account/store.ts'
import { pairwiseSubject } from '#domain/account/subject.ts'

export type Subjects = (account: AccountId, sector: Sector) => Promise<string>

const keptAtMost = 50_000

/** Subjects never change once given, so what was read once is kept. */
export function pairwiseSubjects({ subjects, pairwiseKey }: { subjects: SubjectStore; pairwiseKey: KeyObject }): Subjects {
  const kept = new Map<string, string>()
  return async (account, sector) => {
    const key = `${account} ${sector}`
    const known = kept.get(key)
    if (known !== undefined) return known
    const sub = await subjects.settle(account, sector, pairwiseSubject(pairwiseKey, account, sector))
    if (kept.size >= keptAtMost) kept.clear()
    kept.set(key, sub)
    return sub
  }
}
