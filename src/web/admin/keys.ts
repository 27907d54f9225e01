import { z } from 'zod'
import { momentInVietnam, readMoment } from '#kernel/clock.ts'
import { Problem } from '#kernel/problem.ts'
import { may } from '#domain/officer/permission.ts'
import type { Change } from '#domain/proposal/change.ts'
import { propose } from '#domain/proposal/propose.ts'
import type { ProposalStore } from '#domain/proposal/store.ts'
import { keyFault, suggestedTime, type KeyFault, type KeyWish } from '#domain/signing-key/change-fault.ts'
import { keyName, keyStates, type HeldKey } from '#domain/signing-key/key.ts'
import { keyOrders, lookThrough } from '#domain/signing-key/search.ts'
import type { KeyRules } from '#domain/signing-key/rules.ts'
import type { SigningKeys } from '#domain/signing-key/store.ts'
import { standingAt, type KeyStanding } from '#domain/signing-key/standing.ts'
import { posted } from '#web/account/citizen.ts'
import { textsOf } from '#web/i18n/language.ts'
import { consolePlaces, keyPaths, proposalPlaces } from '#web/place/console.ts'
import type { FieldFault } from '#web/views/field.ts'
import type { AdminView } from '#web/views/admin/frame.ts'
import { activateKeyPage, keysInFile, keysPage, retireKeyPage, revokeKeyPage } from '#web/views/admin/keys.ts'
import { asFile, listed, oneOf, rowsPerPage, sliceOf, typed as filterText } from './listing.ts'
import { officerRoute, ofTheSystem, type OfficerTools } from './officer.ts'

type Tools = OfficerTools & { signingKeys: SigningKeys; keyRules: KeyRules }

const asked = z.strictObject({ tim: filterText(43), trangthai: oneOf(keyStates), ...listed(keyOrders, 'state') })

/** Every signing key: where it stands, what is planned, and what services see of it. */
const showKeys = officerRoute({
  route: `GET ${consolePlaces.keys}`,
  may: 'key.read',
  on: ofTheSystem,
  asks: true,
  form: asked,
  act: async (tools: Tools & Parameters<typeof asFile>[0] & { proposals: Pick<ProposalStore, 'waiting'> }, { officer, view }, { dang, ...wish }) => {
    const { signingKeys, keyRules, proposals } = tools
    const [changes, waiting] = await Promise.all([signingKeys.list(), proposals.waiting()])
    const standing = standingAt(signingKeys.held, changes, view.at)
    const { rows, all } = lookThrough(standing, { text: wish.tim, state: wish.trangthai, order: wish.xep, ...sliceOf({ trang: wish.trang, dang }) })
    if (dang === 'csv') return asFile(tools, officer, { table: 'keys', by: 'key.read', name: 'khoa-ky', ...keysInFile(view, rows) })
    return { page: keysPage(view, {
      standing,
      keys: rows,
      all,
      asked: wish,
      perPage: rowsPerPage,
      published: publishedOf(signingKeys.held, standing),
      rules: keyRules,
      proposes: may(officer.roles, 'key.propose', {}, view.at),
      waiting: waiting.some(({ change }) => 'kid' in change),
    }) }
  },
})

const atKey = z.strictObject({ id: keyName })

const askToActivate = officerRoute({
  route: `GET ${keyPaths.activate}`,
  may: 'key.propose',
  on: ofTheSystem,
  form: atKey,
  act: async (tools: Tools, { view }, { id }) => {
    const key = keyAt(tools, id)
    const at = suggestedTime(await tools.signingKeys.saidAt(id, 'staged'), tools.keyRules, view.at)
    return { page: activateKeyPage(view, { key, rules: tools.keyRules, typed: { when: 'planned', at: momentInVietnam(at) }, faults: [] }) }
  },
})

const activateKey = officerRoute({
  route: `POST ${keyPaths.activate}`,
  may: 'key.propose',
  on: ofTheSystem,
  form: posted.extend({ id: keyName, when: z.enum(['planned', 'approval', '']).default(''), at: z.string().trim().max(20), reason: z.string().trim().max(500) }),
  act: async (tools: Tools & Parameters<typeof propose>[0], { officer, view }, { id, ...typed }) => {
    const t = textsOf(view.language)
    const key = keyAt(tools, id)
    const at = typed.when === 'planned' ? readMoment(typed.at) : undefined
    const missing: readonly (FieldFault | false)[] = [
      typed.when === '' && { field: 'when-planned', message: t.signingKeys.noChoice },
      typed.when === 'planned' && at === undefined && { field: 'at', message: t.signingKeys.badTime },
      typed.reason === '' && { field: 'reason', message: t.console.reasonMissing },
    ]
    const again = (faults: readonly FieldFault[]) => ({ page: activateKeyPage(view, { key, rules: tools.keyRules, typed, faults }), status: 422 })
    const faults = missing.filter((one) => one !== false)
    if (faults.length > 0) return again(faults)
    const fault = await faultOf(tools, { act: 'activate', kid: id, alg: key.alg, at }, view.at)
    if (fault !== undefined) return again([{ field: at === undefined ? 'when-planned' : 'at', message: await inWords(tools, view, fault, id) }])
    const change: Change = { act: 'key.activate', kid: id, alg: key.alg, at: at === undefined ? 'approval' : at.toISOString() }
    return { redirect: await proposed(tools, officer, { change, reason: typed.reason }) }
  },
})

/** Two ways in which a key ends: it stops signing, or nothing that it signed counts any more. */
const ends = { retire: { act: 'key.retire', page: retireKeyPage }, revoke: { act: 'key.revoke', page: revokeKeyPage } } as const

function askToEnd(end: keyof typeof ends) {
  return officerRoute({
    route: `GET ${keyPaths[end]}`,
    may: 'key.propose',
    on: ofTheSystem,
    form: atKey,
    act: async (tools: Tools, { view }, { id }) => ({ page: ends[end].page(view, { key: keyAt(tools, id), typed: {}, faults: [] }) }),
  })
}

function endKey(end: keyof typeof ends) {
  const { act, page } = ends[end]
  return officerRoute({
    route: `POST ${keyPaths[end]}`,
    may: 'key.propose',
    on: ofTheSystem,
    form: posted.extend({ id: keyName, reason: z.string().trim().max(500) }),
    act: async (tools: Tools & Parameters<typeof propose>[0], { officer, view }, { id, reason }) => {
      const key = keyAt(tools, id)
      const fault = await faultOf(tools, { act: end, kid: id, alg: key.alg }, view.at)
      const message = reason === '' ? textsOf(view.language).console.reasonMissing : fault && (await inWords(tools, view, fault, id))
      if (message !== undefined) return { page: page(view, { key, typed: { reason }, faults: [{ field: 'reason', message }] }), status: 422 }
      return { redirect: await proposed(tools, officer, { change: { act, kid: id, alg: key.alg }, reason }) }
    },
  })
}

export const keyRoutes = [showKeys, askToActivate, activateKey, askToEnd('retire'), endKey('retire'), askToEnd('revoke'), endKey('revoke')] as const

function keyAt({ signingKeys }: Tools, kid: string): HeldKey {
  const key = signingKeys.held.find((one) => one.kid === kid)
  if (key === undefined) throw new Problem('request.not-found')
  return key
}

async function faultOf({ signingKeys, keyRules }: Tools, wish: KeyWish, now: Date): Promise<KeyFault | undefined> {
  const [changes, publishedAt, lacking] = await Promise.all([signingKeys.list(), signingKeys.saidAt(wish.kid, 'staged'), signingKeys.lacking(wish.kid, now)])
  return keyFault(wish, { held: signingKeys.held, changes, publishedAt, lacking, rules: keyRules, now })
}

/** Where some nodes lack the key, by name: their operator has to give it to them. */
async function inWords({ signingKeys }: Tools, { language, at }: AdminView, fault: KeyFault, kid: string): Promise<string> {
  const { faults, lackingAt } = textsOf(language).signingKeys
  return fault === 'not-everywhere' ? lackingAt((await signingKeys.lacking(kid, at)).join(', ')) : faults[fault]
}

/** Keys as everybody sees them: but for those that were revoked, all. */
function publishedOf(held: readonly HeldKey[], standing: readonly KeyStanding[]): readonly HeldKey['jwk'][] {
  const revoked = new Set(standing.filter(({ state }) => state === 'revoked').map(({ kid }) => kid))
  return held.filter(({ kid }) => !revoked.has(kid)).map(({ jwk }) => jwk)
}

async function proposed(tools: Parameters<typeof propose>[0], officer: Parameters<typeof propose>[1], wanted: Parameters<typeof propose>[2]): Promise<string> {
  const made = await propose(tools, officer, wanted)
  if ('fault' in made) throw new Problem('internal')
  return proposalPlaces(made.proposal.id).start
}
