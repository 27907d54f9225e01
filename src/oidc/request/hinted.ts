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
    refuseOtherTokens(ctx)
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
    ...(typeof hint === 'string' && client ? [subjectOf(await provider.IdToken.validate(hint, client))] : []),
    ...(typeof asked === 'object' && asked !== null && 'value' in asked ? [asked.value] : []),
  ]
}

type Hint = NonNullable<KoaContextWithOIDC['oidc']['entities']['IdTokenHint']>

/** A hint that came before, as with the request of a device, is looked at here for the first time. */
function subjectOf(hint: Hint): unknown {
  refuseUnlessIdToken(hint)
  return hint.payload['sub']
}

/**
 * Throws for a hint that is a token of ours but no ID token. The library wants our signature and the right audience, and logout tokens and
 * signed UserInfo have both; only an ID token says when the person signed in (P11, P12; RFC 8725 §3.11, §3.12).
 */
export function refuseOtherTokens({ oidc: { entities: { IdTokenHint: hint } } }: KoaContextWithOIDC): void {
  if (hint !== undefined) refuseUnlessIdToken(hint)
}

function refuseUnlessIdToken({ header: { typ }, payload: { auth_time: signedInAt } }: Hint): void {
  if ((typ === undefined || typ === 'JWT') && signedInAt !== undefined) return
  throw new errors.InvalidRequest('id_token_hint is not an ID token')
}
