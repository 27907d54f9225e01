import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Provider } from 'oidc-provider'
import { dayInVietnam, type Clock } from '#kernel/clock.ts'
import { accountId, type AccountId } from '#kernel/id.ts'
import { signedOutSince, standing } from '#domain/account/account.ts'
import type { AccountStore } from '#domain/account/store.ts'
import { levelOf, type Evidence } from '#domain/assurance/evidence.ts'
import { atLeast } from '#domain/assurance/level.ts'
import type { EvidenceStore } from '#domain/assurance/store.ts'
import { untranslated } from './errors.ts'

type Exchange = { req: IncomingMessage; res: ServerResponse }

/** Who is signed in at level 2 now, in the one session that services and our own pages share. */
export type SignedIn = { session: string; account: AccountId; evidence: Evidence }

export type Sessions = {
  /** Nobody, where nobody is signed in, the sign-in showed too little, or the account may not be used any more. */
  signedIn: (exchange: Exchange) => Promise<SignedIn | undefined>
}

type Tools = { provider: () => Provider; evidences: Pick<EvidenceStore, 'find'>; accounts: Pick<AccountStore, 'find'>; clock: Clock }

/** `provider` is asked for each time, for it is replaced when keys change. */
export function makeSessions({ provider, evidences, accounts, clock }: Tools): Sessions {
  return {
    async signedIn({ req, res }) {
      const current = provider()
      const session = await current.Session.get(current.createContext(req, res)).catch(untranslated)
      const account = accountId.safeParse(session.accountId).data
      if (account === undefined) return undefined
      const [evidence, found] = await Promise.all([evidences.find(session.uid, account), accounts.find(account)])
      // The evidence is of this very sign-in, and not of one before it in the same session.
      if (evidence === undefined || evidence.at !== session.loginTs) return undefined
      // Our own pages are their holder's: nobody comes to them in another's name.
      if (evidence.by !== undefined) return undefined
      if (found === undefined || !atLeast(levelOf(evidence, evidence.at), 2)) return undefined
      if (signedOutSince(found.account, session.loginTs ?? 0, clock.now())) return undefined
      const stands = standing(found.account, found.life, dayInVietnam(clock.now()))
      return stands.is === 'usable' ? { session: session.uid, account, evidence } : undefined
    },
  }
}
