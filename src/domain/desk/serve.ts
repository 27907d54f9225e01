import { randomUUID } from 'node:crypto'
import { dayInVietnam, type Clock } from '#kernel/clock.ts'
import { accountId, applicationId, newId, type ApplicationId, type ContactId } from '#kernel/id.ts'
import { Problem } from '#kernel/problem.ts'
import { reference } from '#kernel/random.ts'
import { notEnded } from '#domain/account/account.ts'
import type { AccountStore } from '#domain/account/store.ts'
import type { AuditEvent } from '#domain/audit/event.ts'
import { lookUp } from '#domain/audit/look-up.ts'
import { findNamed, type Named } from '#domain/enrolment/named.ts'
import type { Officer } from '#domain/officer/officer.ts'
import { isNight } from '#domain/officer/post.ts'
import { inForce } from '#domain/officer/role.ts'
import type { OfficerStore } from '#domain/officer/store.ts'
import type { PasskeyStore } from '#domain/passkey/passkey.ts'
import type { Person } from '#domain/registry/person.ts'
import type { RegistryStore } from '#domain/registry/store.ts'
import type { Application, DeskStore, Station } from './application.ts'
import { clockOf, dueOn } from './clock.ts'
import { chipFault, standingOfChip } from './chip-standing.ts'
import { makeDeskCode } from './code.ts'
import { issueOf } from './doubt.ts'
import { deskFault, type DeskFault } from './fault.ts'
import { atDesk, seenOf } from './proofing.ts'
import { representativesBefore } from './representatives.ts'
import { deskRules, type Biometrics, type Purpose, type SeenKind, type TakeOver } from './rules.ts'
import { areRelated, isImmigration } from './station.ts'

type Finding = {
  registry: Pick<RegistryStore, 'find' | 'findByNumber' | 'findByPassport' | 'whose'>
  accounts: Pick<AccountStore, 'find' | 'findByPerson' | 'findNow'>
  passkeys: Pick<PasskeyStore, 'ofAccount'>
  officers: Pick<OfficerStore, 'rolesOf'>
  desk: DeskStore
  clock: Clock
}

type Asked = { named: Named; case: string; purpose: Purpose; /** Said at a desk of the immigration authority. */ biometrics?: Biometrics | undefined; /** Why this desk goes on with what is open elsewhere. */ takeOver?: TakeOver | undefined }

/**
 * Finds somebody who stands at the desk, on record before anything is shown and visible to them, and opens their application, whose clock runs
 * from now (Decree 69/2024 Art 13). Throws `limit.exceeded`, and `audit.own` for oneself.
 */
export async function openApplication(
  tools: Finding & Parameters<typeof lookUp>[0], officer: Officer, station: Station, { named, case: caseNumber, purpose, biometrics, takeOver }: Asked,
): Promise<{ is: 'open'; id: ApplicationId } | { is: 'fault'; fault: DeskFault }> {
  const person = await findNamed(tools.registry, named)
  const account = person && notEnded(await tools.accounts.findByPerson(person.id))
  await lookUp(tools, officer, { account: account?.id, case: caseNumber, ground: `desk-${purpose}`, permission: 'desk.work' })
  const now = tools.clock.now()
  const fault = await faultOf(tools, { person, purpose, station }, now)
  if (person === undefined || fault !== undefined) return { is: 'fault', fault: fault ?? 'unknown' }
  const id = applicationId.parse(newId(now.getTime()))
  const { desk, commune } = station
  const event: AuditEvent = { type: 'desk.opened', application: id, purpose, desk, commune, by: officer.account, ...(biometrics && { biometrics }), ...(account && { account: account.id }) }
  const today = dayInVietnam(now)
  const opened = await tools.desk.open({
    id, reference: reference(), purpose, person: person.id, account: account?.id ?? accountId.parse(randomUUID()), case: caseNumber, station,
    receivedAt: now, dueOn: dueOn(today, deskRules.clocks[clockOf(purpose, biometrics)].workingDays), biometricsMissing: biometrics === 'missing', takeOver,
  }, event)
  return opened.is === 'open' ? opened : { is: 'fault', fault: 'elsewhere' }
}

/** Whether a desk can go on with somebody as they are now. */
async function faultOf(tools: Finding, { person, purpose, station }: { person: Person | undefined; purpose: Purpose; station: Station }, now: Date): Promise<DeskFault | undefined> {
  const { accounts, passkeys, officers } = tools
  const account = person && notEnded(await accounts.findByPerson(person.id))
  const keys = account === undefined ? [] : await passkeys.ofAccount(account.id)
  const roles = account === undefined ? [] : await officers.rolesOf(account.id)
  const representatives = person === undefined ? [] : await representativesBefore(tools, station.officer, person)
  return deskFault({ person, account, keys: keys.length > 0, office: roles.some((role) => inForce(role, now)), representatives: representatives.length, purpose, immigration: isImmigration(station), today: dayInVietnam(now) })
}

export type MadeCode = { is: 'put' } | { is: 'over' } | { is: 'fault'; fault: DeskFault }

/** Of ten million codes a few hundred are out: five in a row that are taken are next to impossible, and the officer tries again. */
const tries = 5

/** The officer has seen the card, of a foreigner the passport, and compared the face: a code for the person's phone, in place of any before. */
export async function makeCode(
  tools: Finding & Parameters<typeof standingOfChip>[0], { account: by }: Officer, station: Station, { id, session, seen, kept = [] }: { id: ApplicationId; session: string; seen: readonly SeenKind[]; /** Addresses that the person says are theirs. */ kept?: readonly ContactId[] },
): Promise<MadeCode> {
  const application = await tools.desk.find(id)
  const person = application && (await tools.registry.find(application.person))
  if (application === undefined || person === undefined || application.state !== 'open') return { is: 'over' }
  const at = tools.clock.now()
  if (!seenOf(atDesk(person, dayInVietnam(at)), application).every((kind) => seen.includes(kind))) throw new Problem('request.malformed')
  const fault = (await faultOf(tools, { person, purpose: application.purpose, station }, at)) ?? chipFault(person, await standingOfChip(tools, { application, person, officer: by, at }))
  if (fault !== undefined) return { is: 'fault', fault }
  const known = notEnded(await tools.accounts.findByPerson(person.id))
  const events: AuditEvent[] = [
    { type: 'desk.code-made', application: id, kinds: seen, by, ...(known && { account: known.id }) },
    ...(await unusual(tools, { by, person, at })).map((reason) => ({ type: 'desk.unusual', application: id, reason, by }) as const),
  ]
  const expiresAt = new Date(at.getTime() + deskRules.code.lifeMinutes * 60_000)
  for (let tried = 0; tried < tries; tried += 1) {
    const put = await tools.desk.putCode(id, { code: makeDeskCode(), session, station, account: known?.id ?? application.account, seen, kept, issuedOn: issueOf(person), expiresAt, at }, events)
    if (put === 'doubtful') return { is: 'fault', fault: 'chip-doubtful' }
    if (put !== 'taken') return { is: put }
  }
  throw new Problem('service.busy')
}

/** What an auditor would ask about (A04). */
async function unusual({ registry, accounts }: Finding, { by, person, at }: { by: Officer['account']; person: Person; at: Date }): Promise<readonly ('night' | 'relative')[]> {
  const officer = await accounts.findNow(by)
  const self = officer && (await registry.find(officer.account.person))
  return [
    ...(isNight(at, deskRules.night) ? ['night' as const] : []),
    ...(self !== undefined && areRelated(self, person) ? ['relative' as const] : []),
  ]
}

/** How long its officer may read on under one look-up, as in the log of record. */
const readMilliseconds = 3_600_000

/** Whether it is this officer's who found the person within the hour: everybody else finds them anew, on record and visible to them. */
export function isTheirs(application: Application, { officer, commune }: Pick<Station, 'officer' | 'commune'>, now: Date): boolean {
  return application.station.officer === officer && application.station.commune === commune && now.getTime() < application.workedAt.getTime() + readMilliseconds
}
