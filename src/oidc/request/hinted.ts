import { errors, type KoaContextWithOIDC } from 'oidc-provider'
import { accountId } from '#kernel/id.ts'
import type { KnownClients } from '#oidc/client/known.ts'
import type { Subjects } from '#oidc/subjects.ts'

type Tools = { clients: Pick<KnownClients, 'find'>; subjects: Subjects }

/**
 * Whether somebody else is signed in than the service means, by `id_token_hint` or by a value for `sub` (OIDC Core §3.1.2.1,
 * §5.5). The library compares only as a request comes in; whoever is chosen or signs in afterwards is compared here. Throws
 * `login_required` when another person has signed in for this very request: a second page would not say what is wrong.
 */
export function makeHintCheck({ clients, subjects }: Tools) {
  return async (ctx: KoaContextWithOIDC): Promise<boolean> => {
    const { session, client, result } = ctx.oidc
    const meant = await subjectsMeant(ctx)
    if (meant.length === 0 || session?.accountId === undefined || client === undefined) return false
    const known = await clients.find(client.clientId)
    const here = known && (await subjects(accountId.parse(session.accountId), known.own.sector))
    if (meant.every((subject) => subject === here)) return false
    if (result?.login !== undefined) throw new errors.LoginRequired('another End-User has signed in than was asked for')
    return true
  }
}

async function subjectsMeant({ oidc: { params, claims, client, provider } }: KoaContextWithOIDC): Promise<readonly unknown[]> {
  const hint = params?.['id_token_hint']
  const asked: unknown = claims.id_token?.['sub']
  return [
    ...(typeof hint === 'string' && client ? [(await provider.IdToken.validate(hint, client)).payload['sub']] : []),
    ...(typeof asked === 'object' && asked !== null && 'value' in asked ? [asked.value] : []),
  ]
}
