import { z } from 'zod'
import { wholeBelow } from '#kernel/random.ts'
import type { AccountId } from '#kernel/id.ts'
import type { AuditEvent } from '#domain/audit/event.ts'

/** Crockford's base 32: no letter is taken for a digit. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const length = 12

/** Twelve signs, 60 bits: nobody guesses one, so a stranger's tries cost the holder nothing. */
export const recoveryCode = z.string().regex(new RegExp(`^[${alphabet}]{${length}}$`)).brand<'RecoveryCode'>()
export type RecoveryCode = z.infer<typeof recoveryCode>

export function makeCode(): RecoveryCode {
  return recoveryCode.parse(Array.from({ length }, () => alphabet[wholeBelow(alphabet.length)]).join(''))
}

/** As it stands on paper: `7F3K-29QD-X0WA`. */
export function printed(code: RecoveryCode): string {
  return code.replace(/(.{4})(.{4})(.{4})/, '$1-$2-$3')
}

/** What somebody typed from paper: in any case, with any spaces and dashes, and with the letters that are taken for digits. */
export function readCode(typed: string): RecoveryCode | undefined {
  const signs = typed.normalize('NFKC').toUpperCase().replaceAll(/[\s\p{Pd}]/gu, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1')
  return recoveryCode.safeParse(signs).data
}

export type CodesLeft = { left: number; madeAt?: Date | undefined }

/** Printed codes. Only a keyed hash of each is kept, bound to its account: who reads the store has none. */
export type RecoveryCodeStore = {
  /** New ones in place of all that were; it is recorded and the holder told, all or nothing. */
  replace: (account: AccountId, codes: readonly RecoveryCode[], how: { at: Date; event: AuditEvent }) => Promise<void>
  left: (account: AccountId) => Promise<CodesLeft>
  /** Uses one up in one conditional statement: of racing tries one hears `true`. It is recorded and the holder told, all or nothing. */
  spend: (account: AccountId, code: RecoveryCode, how: { at: Date; event: AuditEvent }) => Promise<boolean>
}

type Tools = { recoveryCodes: Pick<RecoveryCodeStore, 'replace'>; clock: { now: () => Date } }

/** Fresh codes for the holder, shown once; those of before are void from this moment. */
export async function printCodes({ recoveryCodes, clock }: Tools, account: AccountId, count: number): Promise<readonly RecoveryCode[]> {
  const codes = Array.from({ length: count }, makeCode)
  await recoveryCodes.replace(account, codes, { at: clock.now(), event: { type: 'recovery.codes-made', account, count } })
  return codes
}
