import { z } from 'zod'
import type { Account as ProviderAccount, KoaContextWithOIDC } from 'oidc-provider'
import { dayInVietnam, type Clock } from '#kernel/clock.ts'
import { accountId as accountIdShape, clientId } from '#kernel/id.ts'
import { levelAt, signedOutSince, standing, type Standing } from '#domain/account/account.ts'
import type { AccountStore, AccountWithLife } from '#domain/account/store.ts'
import type { AccountLevel } from '#domain/assurance/level.ts'
import type { Catalogue } from '#domain/consent/catalogue.ts'
import { claimsOfScopes } from '#domain/consent/decision.ts'
import { disclose, type Subject } from '#domain/consent/disclosure.ts'
import { claimOf, isGranted, placesIn, residentOf } from '#domain/consent/place-question.ts'
import { isVerificationGranted } from '#domain/consent/verification-item.ts'
import { answerVerifiedClaims, type VerifiedClaims } from '#domain/consent/verified-claims.ts'
import { readVerifiedClaims } from '#domain/consent/verified-claims-request.ts'
import type { DeskStore } from '#domain/desk/application.ts'
import type { RegistryStore } from '#domain/registry/store.ts'
import { actingBehind, actingClaims } from './acting.ts'
import { translated } from './errors.ts'
import type { Recorder } from './recorder.ts'

type Tools = Parameters<typeof actingBehind>[0] & {
  accounts: Pick<AccountStore, 'find' | 'findNow' | 'contacts'>
  registry: Pick<RegistryStore, 'find'>
  desk: Pick<DeskStore, 'inPerson'>
  catalogue: Catalogue
  recorder: Pick<Recorder, 'note'>
  clock: Clock
}

/** What our policy needs to know of an account that the library holds. */
export type KnownAccount = { standing: Standing; /** What counts now (`levelAt`). */ level: AccountLevel }

const known = new WeakMap<ProviderAccount, KnownAccount>()

/** What `findAccount` knew when it made this. */
export function knownOf(account: ProviderAccount | undefined): KnownAccount | undefined {
  return account && known.get(account)
}

/**
 * Looks the account up for the library. For a token it must be usable now, so that a lock takes effect on tokens that are
 * out already (W12); for a sign-in it is handed over with its standing, and the policy asks again who is there.
 */
export function makeFindAccount(tools: Tools) {
  return async (ctx: KoaContextWithOIDC, id: string, token?: object): Promise<ProviderAccount | undefined> => {
    const found = await findUsable(tools, ctx, id)
    if (found === undefined || (token !== undefined && found.stands.is === 'refused')) return undefined
    const began = beganAt(ctx, token)
    if (signedOutSince(found.account, began, tools.clock.now())) return undefined
    const { id: accountId } = found.account
    const acting = token === undefined ? undefined : await actingBehind(tools, ctx, token, { account: accountId, began })
    if (acting === 'refused') return undefined
    const account: ProviderAccount = {
      accountId,
      claims: translated(async (use, scope, claims) => {
        const released = await release(tools, ctx, found, { use, scope, claims })
        letThrough(claims)
        const acted = acting && (await actingClaims(tools, ctx.oidc.client?.clientId ?? '', acting))
        return { sub: accountId, ...released, ...acted }
      }),
    }
    known.set(account, { standing: found.stands, level: levelAt(found.account, tools.clock.now()) })
    return account
  }
}

/** Where tokens of each kind say when the person signed in, and when they were made. */
const timesOf = z.object({ authTime: z.number().optional(), extra: z.object({ auth_time: z.number().optional() }).optional(), iat: z.number().optional() })

/**
 * When the sign-in was on which all of this rests, so that whatever was ended since is over. Tokens are made anew and an interaction
 * may stand open for long, and both are as old as the sign-in behind them. A request without session or token has nothing that could be over.
 */
function beganAt(ctx: KoaContextWithOIDC, token: object | undefined): number {
  if (token === undefined) return ctx.oidc.session?.loginTs ?? Number.POSITIVE_INFINITY
  const { authTime, extra, iat } = timesOf.parse(token)
  return authTime ?? extra?.auth_time ?? iat ?? 0
}

type Usable = AccountWithLife & { stands: Standing }

/** Where tokens are given out nothing counts but what is so now: they live longer than what was remembered. */
async function findUsable({ accounts, clock }: Tools, { oidc }: KoaContextWithOIDC, id: string): Promise<Usable | undefined> {
  const parsed = accountIdShape.safeParse(id)
  const look = oidc.route === 'token' ? accounts.findNow : accounts.find
  const found = parsed.success ? await look(parsed.data) : undefined
  return found && { ...found, stands: standing(found.account, found.life, dayInVietnam(clock.now())) }
}

/**
 * The library lets a claim through when its request is `null` or an object, and cuts the answer by this very argument; a list of
 * requests for verified claims is as good a request (OIDC4IDA §5.6).
 */
function letThrough(claims: { verified_claims?: unknown }): void {
  if (Array.isArray(claims.verified_claims)) Object.assign(claims, { verified_claims: null })
}

type Wanted = { use: string; scope: string; claims: Readonly<Record<string, unknown>> }

/**
 * The values of what was granted and nothing else, read from the registry now. An ID token carries only what
 * the claims parameter named for it; everything asked by scope goes through UserInfo (OIDC Core §5.4).
 */
async function release(tools: Tools, ctx: KoaContextWithOIDC, { account }: AccountWithLife, wanted: Wanted) {
  const { use, scope, claims } = wanted
  const granted = new Set(ctx.oidc.entities.Grant?.getOIDCClaims() ?? [])
  const byScope = use === 'userinfo' ? claimsOfScopes(tools.catalogue, scope.split(' ')).keys() : []
  const names = [...new Set([...byScope, ...Object.keys(claims)])].filter((claim) => isGranted(claim, claims[claim], granted))
  const personal = names.filter((claim) => tools.catalogue.attributes.some((attribute) => attribute.claims.includes(claim)))
  const requests = readVerifiedClaims(claims['verified_claims']).filter((request) => isVerificationGranted(request, granted))
  if (personal.length === 0 && requests.length === 0) return {}

  const [person, contacts, inPerson] = await Promise.all([
    tools.registry.find(account.person), contactsFor(tools, account.id, personal), requests.length === 0 ? undefined : tools.desk.inPerson(account.id),
  ])
  if (person === undefined) return {}
  const now = tools.clock.now()
  const subject: Subject = { person, contacts, level: levelAt(account, now), openedAt: account.createdAt, inPerson, today: dayInVietnam(now) }
  const values = disclose(subject, personal, placesIn(claims[residentOf]))
  const verifiable = grantedVerified(tools.catalogue, granted)
  const verified = requests.flatMap((request) => answerVerifiedClaims(request, { subject, granted: verifiable, now }) ?? [])
  const verifiedNames = new Set(verified.flatMap((one) => ['verified_claims', ...Object.keys(one.claims).map((claim) => `verified_claims.${claim}`)]))
  note(tools, ctx, { account: account.id, claims: [...Object.keys(values), ...verifiedNames], use })
  return { ...values, ...asAsked(claims['verified_claims'], verified) }
}

/** A list is answered with a list, of what could be fulfilled; one request with one answer (OIDC4IDA §5.6). */
function asAsked(request: unknown, verified: readonly VerifiedClaims[]): { verified_claims?: unknown } {
  if (verified.length === 0) return {}
  return { verified_claims: Array.isArray(request) ? verified : verified[0] }
}

/** Contacts are sealed rows of their own; they are opened only for those who may know them. */
function contactsFor({ accounts }: Tools, id: AccountWithLife['account']['id'], claims: readonly string[]) {
  return claims.some((claim) => claim.startsWith('email')) ? accounts.contacts(id) : []
}

/** Verified claims are granted under the names of the plain ones, so that one answer of the person covers both. */
function grantedVerified({ verified }: Catalogue, granted: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...granted].filter((name) => verified.includes(claimOf(name))))
}

type Release = { account: AccountWithLife['account']['id']; claims: readonly string[]; use: string }

function note({ recorder }: Tools, ctx: KoaContextWithOIDC, { account, claims, use }: Release) {
  const client = ctx.oidc.client
  if (claims.length === 0 || client === undefined) return
  const through = use === 'userinfo' ? 'userinfo' : 'id_token'
  recorder.note(ctx.req, { type: 'claims.released', client: clientId.parse(client.clientId), account, claims, through })
}
