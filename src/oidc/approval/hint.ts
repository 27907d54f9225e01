import type { Account, Configuration } from 'oidc-provider'
import { clientId } from '#kernel/id.ts'
import { subjectAsked } from '#domain/approval/asking.ts'
import type { SubjectStore } from '#domain/account/store.ts'
import type { KnownClients } from '#oidc/client/known.ts'
import { refuseOtherTokens } from '#oidc/request/hinted.ts'

type FindAccount = NonNullable<Configuration['findAccount']>

type Tools = Parameters<typeof subjectAsked>[0] & {
  clients: Pick<KnownClients, 'find'>
  subjectStore: Pick<SubjectStore, 'accountOf'>
}

/**
 * A backchannel request may name a person by an ID token that the service was given before (CIBA Core §7.1 `id_token_hint`). The
 * library takes its `sub` for an account; ours are pairwise, so it is looked up in the service's own sector.
 */
export function throughHint(tools: Tools, findAccount: FindAccount) {
  return async (...[ctx, id, token]: Parameters<FindAccount>): Promise<Account | undefined> => {
    const { client, entities, route } = ctx.oidc
    if (route !== 'backchannel_authentication' || entities.IdTokenHint === undefined || client === undefined) return findAccount(ctx, id, token)
    refuseOtherTokens(ctx)
    const known = await tools.clients.find(client.clientId)
    const account = known && (await tools.subjectStore.accountOf(id, known.own.sector))
    const asked = await subjectAsked(tools, { client: clientId.parse(client.clientId), subject: id, account })
    return asked && findAccount(ctx, asked, token)
  }
}
