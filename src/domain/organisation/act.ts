import { dayInVietnam, type Clock, type Day } from '#kernel/clock.ts'
import { applicationId, mandateId, newId, organisationId, type AccountId, type MandateId, type OrganisationId } from '#kernel/id.ts'
import { Problem } from '#kernel/problem.ts'
import { reference } from '#kernel/random.ts'
import type { Limits } from '#domain/abuse/limits.ts'
import { levelAt, standing } from '#domain/account/account.ts'
import type { AccountStore } from '#domain/account/store.ts'
import { atLeast, type AccountLevel } from '#domain/assurance/level.ts'
import type { PersonalNumber } from '#domain/registry/person.ts'
import type { OrganisationMove } from './account.ts'
import type { Declaration } from './declared.ts'
import { roleNamed, termFault, type MandateScope } from './mandate.ts'
import { organisationRules } from './rules.ts'
import type { Acting, OrganisationStore } from './store.ts'

export type OrganisationTools = { organisations: OrganisationStore; accounts: Pick<AccountStore, 'findNow'>; limits: Pick<Limits, 'spend'>; clock: Clock }

/** Whoever is signed in, where their account is usable now and of this level; or `undefined`. */
async function whoIs({ accounts, clock }: Pick<OrganisationTools, 'accounts' | 'clock'>, account: AccountId, level: AccountLevel): Promise<Acting | undefined> {
  const found = await accounts.findNow(account)
  const at = clock.now()
  if (found === undefined || standing(found.account, found.life, dayInVietnam(at)).is !== 'usable') return undefined
  return atLeast(levelAt(found.account, at), level) ? { person: found.account.person, account, at } : undefined
}

async function mustBe(tools: OrganisationTools, account: AccountId, level: AccountLevel): Promise<Acting> {
  const by = await whoIs(tools, account, level)
  if (by === undefined) throw new Problem('acting.not-allowed')
  return by
}

function mustHold(done: boolean): void {
  if (!done) throw new Problem('acting.not-allowed')
}

/** What a legal representative does with the account of their organisation (Decree 69/2024/NĐ-CP Art 12, 14, 15). */
export const representativeActs = ['apply', 'agree', 'decline', 'withdraw', 'activate', 'lock', 'unlock'] as const
export type RepresentativeAct = (typeof representativeActs)[number]

/** Throws `acting.not-allowed` where the law does not let this person do it now. Each act is judged by the store, on what is so at that moment. */
export async function actAsRepresentative(tools: OrganisationTools, { account, organisation, act }: { account: AccountId; organisation: OrganisationId; act: RepresentativeAct }): Promise<void> {
  const by = await mustBe(tools, account, organisationRules.applicant.level)
  const { organisations: store } = tools
  switch (act) {
    case 'apply': return apply(tools, by, organisation)
    case 'agree':
    case 'decline': return mustHold(await store.answer(organisation, act === 'agree', by))
    case 'withdraw': return mustHold(await store.withdraw(organisation, by))
    case 'activate': return moveAs(tools, by, organisation, { to: 'activate', by: 'representative' })
    case 'lock':
    case 'unlock': return moveAs(tools, by, organisation, { to: act, ground: 'representative-request', by: 'representative' })
  }
}

/** So many a day: each calls other representatives and officers to work. Throws `limit.exceeded`. */
async function apply({ organisations, limits }: OrganisationTools, by: Acting, organisation: OrganisationId): Promise<void> {
  await limits.spend('organisation-applications-per-account', by.account)
  mustHold(await organisations.apply(organisation, { id: applicationId.parse(newId(by.at.getTime())), reference: reference() }, by))
}

/**
 * Declares an organisation that no register knows, and applies for it (Decree 69/2024/NĐ-CP Art 12, 13). So many a day, as any application; they count before the
 * number is looked up. Throws `limit.exceeded`.
 */
export async function declareOrganisation(tools: OrganisationTools, account: AccountId, declaration: Declaration): Promise<{ is: 'done'; organisation: OrganisationId } | { is: 'known' | 'under-way' }> {
  const by = await mustBe(tools, account, organisationRules.applicant.level)
  await tools.limits.spend('organisation-applications-per-account', account)
  const [organisation, id] = [organisationId.parse(newId(by.at.getTime())), applicationId.parse(newId(by.at.getTime()))]
  const done = await tools.organisations.declare(declaration, { organisation, id, reference: reference() }, by)
  if (done === 'refused') throw new Problem('acting.not-allowed')
  return done === 'done' ? { is: done, organisation } : { is: done }
}

async function moveAs({ organisations }: OrganisationTools, by: Acting, organisation: OrganisationId, move: OrganisationMove): Promise<void> {
  mustHold(await organisations.representsNow(organisation, by))
  mustHold((await organisations.move(organisation, move, by)).is === 'moved')
}

export type Giving = { organisation: OrganisationId; role: string; scope: MandateScope; startsOn: Day; endsOn: Day; named: { number: PersonalNumber; name: string } }

/**
 * Gives a mandate to whoever has this number and name, and says the same whether or not anybody has (W10). So many a day: whoever has somebody's
 * phone has it for hours. Throws `limit.exceeded`.
 */
export async function giveMandate(tools: OrganisationTools, account: AccountId, giving: Giving): Promise<void> {
  const by = await mustBe(tools, account, organisationRules.applicant.level)
  if (roleNamed(giving.role) === undefined || termFault(giving, dayInVietnam(by.at)) !== undefined) throw new Problem('request.malformed')
  await tools.limits.spend('mandate-offers-per-account', account)
  mustHold(await tools.organisations.offer({ id: mandateId.parse(newId(by.at.getTime())), ...giving }, by))
}

/** The answer of whom a mandate names, and its end by either side. */
export const mandateActs = ['accept', 'decline', 'end'] as const

export async function answerMandate(tools: OrganisationTools, { account, mandate, act }: { account: AccountId; mandate: MandateId; act: (typeof mandateActs)[number] }): Promise<void> {
  const { organisations } = tools
  // Nobody is kept in a mandate: to end one's own, or to say no, takes no level. For the organisation whoever ends one has the level of who gives it.
  const by = await mustBe(tools, account, act === 'accept' ? organisationRules.mandate.level : 1)
  if (act !== 'end') return mustHold(await organisations[act](mandate, by))
  const forOrganisation = (await whoIs(tools, account, organisationRules.applicant.level)) !== undefined
  mustHold(await organisations.end(mandate, { ...by, forOrganisation }))
}
