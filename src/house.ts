import { join } from 'node:path'
import { systemClock, type Clock } from '#kernel/clock.ts'
import type { Plane } from '#kernel/plane.ts'
import { Refusal } from '#kernel/refusal.ts'
import { limitsSchema } from '#domain/abuse/limits.ts'
import { assuranceSchema } from '#domain/assurance/rules.ts'
import { chipRulesSchema } from '#domain/chip/rules.ts'
import { catalogueSchema } from '#domain/consent/catalogue.ts'
import { recoverySchema } from '#domain/recovery/rules.ts'
import { connectionSchema } from '#domain/connection/rules.ts'
import { consentSchema } from '#domain/consent/rules.ts'
import { enrolmentSchema } from '#domain/enrolment/eligibility.ts'
import { openKeyring } from '#keys/keyring.ts'
import { authenticatorsSchema } from '#domain/passkey/authenticators.ts'
import { proposalRulesSchema } from '#domain/proposal/rules.ts'
import { keyRulesSchema } from '#domain/signing-key/rules.ts'
import { stillVouched } from '#domain/passkey/vouched.ts'
import { ttlSchema } from '#oidc/ttl.ts'
import { chipProver } from '#chip/prover.ts'
import { holdTrust } from '#chip/trust.ts'
import { approvals } from '#storage/approvals.ts'
import { chipChallenges } from '#storage/chip-challenges.ts'
import { embeddedVolatile } from '#storage/embedded/volatile.ts'
import { makeLimits } from '#storage/limits.ts'
import { lineStore } from '#storage/line.ts'
import { faceService } from '#storage/face/http.ts'
import { fileMailer } from '#storage/mail/files.ts'
import { smtpMailer } from '#storage/mail/smtp.ts'
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
import { mustBeRoleOf } from '#storage/postgres/grant.ts'
import { migrate, mustBeMigrated } from '#storage/postgres/migrate.ts'
import { namedCalls } from '#storage/postgres/named-calls.ts'
import { lostReports } from '#storage/postgres/lost-reports.ts'
import { notices } from '#storage/postgres/notices.ts'
import { keyNodes } from '#storage/postgres/nodes.ts'
import { officers } from '#storage/postgres/officers.ts'
import { openDatabase } from '#storage/postgres/open.ts'
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
import { transparencyLog } from '#storage/postgres/transparency.ts'
import { recordStanding, standingIsSaid } from '#storage/postgres/transparency-standing.ts'
import { remembered } from '#storage/remembered.ts'
import { openRedis, type RedisClient } from '#storage/redis/open.ts'
import { timeOf } from '#storage/redis/time.ts'
import { redisVolatile } from '#storage/redis/volatile.ts'
import { reminders } from '#storage/postgres/reminders.ts'
import { signalQueue } from '#storage/jobs/enqueue.ts'
import { mustBePrepared, prepareJobs } from '#storage/jobs/prepare.ts'
import { undelivered } from '#storage/jobs/undelivered.ts'
import { smsGateway } from '#storage/sms/gateway.ts'
import { serviceSessions } from '#storage/postgres/service-sessions.ts'
import { shownBanners } from '#storage/shown-banners.ts'
import { actings, challenges, comparisons, contactCodes, evidences, provens, recoveries, registrations, unlockings } from '#storage/short-lived.ts'
import { logOrigin } from '#web/places.ts'
import type { Config } from './config.ts'
import { readRules } from './rules.ts'
import { signingAt, standingKeys, type Signing } from './signing.ts'

const migrations = join(import.meta.dirname, '..', 'migrations')
const sender = 'Định danh điện tử <khong-tra-loi@localhost>'

/** The law and the limits, every fault in them named at once. */
export function readAllRules() {
  return readRules({
    scopes: catalogueSchema, limits: limitsSchema, consent: consentSchema, enrolment: enrolmentSchema, ttl: ttlSchema, assurance: assuranceSchema,
    authenticators: authenticatorsSchema, connection: connectionSchema, keys: keyRulesSchema, recovery: recoverySchema, proposals: proposalRulesSchema, chip: chipRulesSchema,
  })
}

/** What stands behind the door: keys, stores and rules, opened by configuration. The web and the command line share it. */
export type House = Awaited<ReturnType<typeof openHouse>>

/** `prefix`: under which names everything lies in a Redis that others use too. `workers`: how many processes of this server there are here. */
type Options = { onMigrated?: ((name: string) => void) | undefined; prefix?: string; workers?: number | undefined; /** What events call this process. */ node?: string | undefined }

/**
 * Opens everything that keeps something. `onMigrated` hears of each migration applied. Throws `Refusal` with a sentence for
 * the operator; what was opened until then is closed again.
 */
export async function openHouse(config: Config, { onMigrated, prefix = 'eid:', workers, node = config.nodeName }: Options = {}) {
  const rules = readAllRules()
  const database = await openDatabase({ url: config.databaseUrl, directUrl: config.databaseDirectUrl, dataDir: config.dataDir, maxConnections: config.databaseConnections, node })
  let held: RedisClient | undefined
  try {
    await makeReady(database, config.plane, onMigrated)
    const keyring = await openKeyring({ file: config.keyringFile, create: config.createKeys })
    const redis = config.redisUrl === undefined ? undefined : await openRedis({ url: config.redisUrl, mayEvict: !config.production })
    held = redis
    const clock = systemClock
    const sayKeys = keysSayer(database, { plane: config.plane, keyring, clock })
    if (!(await sayKeys(signingAt(keyring.signing, await database.patiently((db) => keyChanges(db).list()), clock.now())))) {
      throw new Refusal('The public log does not say yet which keys are in the key file: start a process with PLANE=console and the same key file first.')
    }
    const chipTrust = config.chipTrust && holdTrust(config.chipTrust)
    const isFirst = firstEver(database, config.plane, keyring)
    const volatile = redis ? await redisVolatile({ client: redis, sealer: keyring.volatileSealer, prefix, isFirst }) : embeddedVolatile({ clock })
    return {
      ...durableStores(database, { keyring, clock, rules }),
      ...shortLivedStores(volatile, rules),
      approvals: approvals(volatile, clock),
      transparency: transparencyLog(database, { clock, origin: logOrigin(config.issuer), logKey: keyring.logKey }),
      sayKeys,
      database,
      keyring,
      rules,
      clock,
      volatile,
      /** What else has a clock, where the database's is doubted. */
      otherTime: redis && (() => timeOf(redis)),
      mailer: config.smtpUrl === undefined ? fileMailer({ folder: config.mailDir, from: sender }) : smtpMailer({ url: config.smtpUrl, from: sender }),
      faceMatcher: config.faceMatcher && faceService({ service: config.faceMatcher, issuer: config.issuer, simulated: !config.production, clock }),
      chipTrust,
      chipDesk: chipTrust && { chip: chipProver(chipTrust.now, rules.chip), challenges: chipChallenges(volatile, rules.chip.challengeSeconds), rules: rules.chip },
      sms: config.smsUrl === undefined ? undefined : smsGateway({ url: config.smsUrl, clock }),
      limits: makeLimits({ rules: rules.limits, redis, workers, hash: (key) => Buffer.from(keyring.sealer.index('limit', key)).toString('base64url') }),
      close: async () => {
        await volatile.close()
        await database.close()
      },
    }
  } catch (error) {
    held?.disconnect()
    await database.close()
    throw error
  }
}

/** Tables are changed as their owner alone. A process of one plane finds them ready, and its user of the database may do what its plane may. */
async function makeReady(database: Database, plane: Plane, onMigrated: Options['onMigrated']): Promise<void> {
  if (plane === 'all') {
    await migrate(database, migrations, onMigrated)
    await prepareJobs(database)
    return
  }
  await mustBeRoleOf(database, plane)
  // Long work may come as another user (DATABASE_DIRECT_URL): it may do no more either.
  await database.patiently((slow) => mustBeRoleOf(slow, plane))
  await mustBeMigrated(database, migrations)
  await mustBePrepared(database)
}

type Keyring = Awaited<ReturnType<typeof openKeyring>>

/** Seconds: twenty years. */
const forEver = 20 * 365 * 86_400

/**
 * Whether no process has ever met a volatile store of this database before: only then is an empty one new, and not one that was emptied. The
 * console's user of the database writes nothing there, so that plane takes every empty store for an emptied one, which is the cautious side.
 */
function firstEver(database: Database, plane: Plane, { sealer }: Keyring): () => Promise<boolean> {
  return async () => plane !== 'console' && kept(database, sealer).claim('volatile-store', '1', forEver)
}

/** Says in the public log which keys there are, before they are published or used. Where others say it, answers whether they have. */
function keysSayer(database: Database, { plane, keyring, clock }: { plane: Plane; keyring: Keyring; clock: Clock }): (signing: Signing) => Promise<boolean> {
  const saying = (signing: Signing) => ({ clock, keys: standingKeys(keyring, signing) })
  if (plane === 'citizen') return async (signing) => standingIsSaid(database, saying(signing))
  return async (signing) => {
    await database.patiently((db) => recordStanding(db, saying(signing)))
    return true
  }
}

type Rules = ReturnType<typeof readAllRules>

function durableStores(database: Database, { keyring: { sealer }, clock, rules }: { keyring: Keyring; clock: Clock; rules: Rules }) {
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
    lostReports: lostReports(database, sealer, () => rules.recovery),
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

function shortLivedStores(volatile: ReturnType<typeof embeddedVolatile>, { ttl, enrolment }: Rules) {
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
