import type { Clock } from '#kernel/clock.ts'
import type { Keyring } from '#keys/keyring.ts'
import { stillVouched } from '#domain/passkey/vouched.ts'
import { lineStore } from '#storage/line.ts'
import { accounts } from '#storage/postgres/accounts.ts'
import { alarms } from '#storage/postgres/alarms.ts'
import { answerTimes } from '#storage/postgres/answer-times.ts'
import { auditLog } from '#storage/postgres/audit.ts'
import { auditSequence } from '#storage/postgres/audit-sequence.ts'
import { auditTrail } from '#storage/postgres/audit-trail.ts'
import { clientDirectory } from '#storage/postgres/client-directory.ts'
import { banners } from '#storage/postgres/banners.ts'
import { breakGlassKeys } from '#storage/postgres/break-glass.ts'
import { clients } from '#storage/postgres/clients.ts'
import { connections } from '#storage/postgres/connections.ts'
import { contacts } from '#storage/postgres/contacts.ts'
import { consents } from '#storage/postgres/consents.ts'
import { desk } from '#storage/postgres/desk.ts'
import { deskDirectory } from '#storage/postgres/desk-directory.ts'
import { deskReaders } from '#storage/postgres/desk-reader.ts'
import type { Database } from '#storage/postgres/db.ts'
import { health } from '#storage/postgres/health.ts'
import { kept } from '#storage/postgres/kept.ts'
import { keySetWatch } from '#storage/postgres/key-set-watch.ts'
import { namedCalls } from '#storage/postgres/named-calls.ts'
import { lostReports } from '#storage/postgres/lost-reports.ts'
import { notices } from '#storage/postgres/notices.ts'
import { keyNodes } from '#storage/postgres/nodes.ts'
import { officers } from '#storage/postgres/officers.ts'
import { organisationDirectory } from '#storage/postgres/organisation-directory.ts'
import { organisationGrants, organisations } from '#storage/postgres/organisations.ts'
import { passkeyNames } from '#storage/postgres/passkey-names.ts'
import { passkeys } from '#storage/postgres/passkeys.ts'
import { proposalDirectory } from '#storage/postgres/proposal-directory.ts'
import { proposals } from '#storage/postgres/proposals.ts'
import { recovery, recoveryCodes } from '#storage/postgres/recovery.ts'
import { registry } from '#storage/postgres/registry.ts'
import { keyChanges } from '#storage/postgres/signing-keys.ts'
import { staffDirectory } from '#storage/postgres/staff-directory.ts'
import { statistics } from '#storage/postgres/statistics.ts'
import { subjects } from '#storage/postgres/subjects.ts'
import { toldOnce } from '#storage/postgres/told-once.ts'
import { toldProblems } from '#storage/postgres/told-problems.ts'
import { remembered } from '#storage/remembered.ts'
import { reminders } from '#storage/postgres/reminders.ts'
import { signalQueue } from '#storage/jobs/enqueue.ts'
import { undelivered } from '#storage/jobs/undelivered.ts'
import { serviceSessions } from '#storage/postgres/service-sessions.ts'
import { shownBanners } from '#storage/shown-banners.ts'
import { actings, challenges, comparisons, contactCodes, evidences, provens, recoveries, registrations, unlockings } from '#storage/short-lived.ts'
import type { Volatile } from '#storage/volatile.ts'
import type { Rules } from './rules.ts'

type Tools = { keyring: Pick<Keyring, 'sealer'>; clock: Clock; rules: Rules }

/** What must never be lost: PostgreSQL, or what stands in for it. */
export function durableStores(database: Database, { keyring: { sealer }, clock, rules }: Tools) {
  const { append, begin } = auditLog(database, clock)
  return {
    ...remembered({
      accounts: accounts(database, sealer),
      passkeys: stillVouched(passkeys(database), () => rules.authenticators),
      serviceSessions: serviceSessions(database, { begin }),
      recovery: recovery(database),
      desk: desk(database, sealer),
    }, clock),
    deskDirectory: deskDirectory(database, sealer),
    readers: deskReaders(database, sealer),
    holderNotices: notices(database, sealer),
    contactStore: contacts(database, sealer),
    lostReports: lostReports(database, () => rules.recovery),
    passkeyNames: passkeyNames(database, sealer),
    recoveryCodes: recoveryCodes(database, sealer),
    organisations: organisations(database, sealer, clock),
    organisationDirectory: organisationDirectory(database),
    organisationGrants: organisationGrants(database),
    registry: registry(database, sealer, clock),
    clients: clients(database, sealer, clock),
    clientDirectory: clientDirectory(database),
    connections: connections(database, rules.proposals),
    consents: consents(database),
    subjects: subjects(database),
    kept: kept(database, sealer),
    signals: signalQueue(database),
    undelivered: undelivered(database, clock),
    officers: officers(database),
    staff: staffDirectory(database),
    proposals: proposals(database, sealer, rules.proposals),
    proposalDirectory: proposalDirectory(database),
    proposalRules: rules.proposals,
    namedCalls: namedCalls(database),
    keyChanges: keyChanges(database),
    keyNodes: keyNodes(database),
    keySetWatch: keySetWatch(database),
    breakGlass: breakGlassKeys(database),
    banners: banners(database),
    shownBanners: shownBanners(banners(database), clock),
    reminders: reminders(database),
    toldProblems: toldProblems(database),
    toldOnce: toldOnce(database, sealer),
    statistics: statistics(database),
    health: health(database),
    answerTimes: answerTimes(database),
    audit: { append },
    trail: auditTrail(database),
    auditSequence: auditSequence(database),
    alarms: alarms(database),
  }
}

/** What may be lost at any moment, and is then asked for again. */
export function shortLivedStores(volatile: Volatile, { ttl, enrolment }: Rules) {
  return {
    lineStore: lineStore(volatile),
    challenges: challenges(volatile),
    unlockings: unlockings(volatile),
    comparisons: comparisons(volatile),
    proven: provens(volatile),
    actings: actings(volatile, Math.max(ttl.grant, ttl.sessionAbsolute) + 60),
    recoveries: recoveries(volatile),
    contactCodes: contactCodes(volatile, enrolment.contactCode.lifeMinutes * 60),
    registrations: registrations(volatile, ttl.interaction),
    evidences: evidences(volatile, ttl.sessionAbsolute),
  }
}
