import { join } from 'node:path'
import { systemClock, type Clock } from '#kernel/clock.ts'
import type { ProposalId } from '#kernel/id.ts'
import type { Plane } from '#kernel/plane.ts'
import { Refusal } from '#kernel/refusal.ts'
import { offices } from '#domain/proposal/offices.ts'
import { isApproved } from '#domain/proposal/watch.ts'
import { openKeyring, type Keyring } from '#keys/keyring.ts'
import { chipProver } from '#chip/prover.ts'
import { holdTrust } from '#chip/trust.ts'
import { approvals } from '#storage/approvals.ts'
import { chipChallenges } from '#storage/chip-challenges.ts'
import { embeddedVolatile } from '#storage/embedded/volatile.ts'
import { makeLimits } from '#storage/limits.ts'
import { faceService } from '#storage/face/http.ts'
import { fileMailer } from '#storage/mail/files.ts'
import { smtpMailer } from '#storage/mail/smtp.ts'
import type { Database } from '#storage/postgres/db.ts'
import { kept } from '#storage/postgres/kept.ts'
import { mustBeRoleOf } from '#storage/postgres/grant.ts'
import { migrate, mustBeMigrated } from '#storage/postgres/migrate.ts'
import { openDatabase } from '#storage/postgres/open.ts'
import { keyChanges } from '#storage/postgres/signing-keys.ts'
import { transparencyLog } from '#storage/postgres/transparency.ts'
import { recordKeys, keysAreSaid } from '#storage/postgres/transparency-keys.ts'
import { openRedis, type RedisClient } from '#storage/redis/open.ts'
import { livePrefix } from '#storage/redis/rights.ts'
import { timeOf } from '#storage/redis/time.ts'
import { mustBeUserOf } from '#storage/redis/user.ts'
import { redisVolatile } from '#storage/redis/volatile.ts'
import { mustBePrepared, prepareJobs } from '#storage/jobs/prepare.ts'
import { smsGateway } from '#storage/sms/gateway.ts'
import { logOrigin } from '#web/place/program.ts'
import type { Config } from './config.ts'
import { readAllRules } from './rules.ts'
import { signingAt, presentKeys, type Signing } from './signing.ts'
import { durableStores, shortLivedStores } from './stores.ts'

const migrations = join(import.meta.dirname, '..', 'migrations')
const sender = 'Định danh điện tử <khong-tra-loi@localhost>'

/** What stands behind the door: keys, stores and rules, opened by configuration. The web and the command line share it. */
export type House = Awaited<ReturnType<typeof openHouse>>

/** `prefix`: under which names everything lies in a Redis that others use too. `workers`: how many processes of this server there are here. */
type Options = { onMigrated?: ((name: string) => void) | undefined; prefix?: string; workers?: number | undefined; /** What events call this process. */ node?: string | undefined }

/**
 * Opens everything that keeps something. `onMigrated` hears of each migration applied. Throws `Refusal` with a sentence for
 * the operator; what was opened until then is closed again.
 */
export async function openHouse(config: Config, { onMigrated, prefix = livePrefix, workers, node = config.nodeName }: Options = {}) {
  const rules = readAllRules()
  const database = await openDatabase({ url: config.databaseUrl, directUrl: config.databaseDirectUrl, dataDir: config.dataDir, maxConnections: config.databaseConnections, node })
  let held: RedisClient | undefined
  try {
    await makeReady(database, config.plane, onMigrated)
    const keyring = await openKeyring({ file: config.keyringFile, create: config.createKeys })
    const redis = await openRedisOf(config, prefix)
    held = redis
    const clock = systemClock
    const sayKeys = keysSayer(database, { plane: config.plane, keyring, clock })
    if (!(await sayKeys(signingAt(keyring.signing, await database.patiently((db) => keyChanges(db).list()), clock.now())))) {
      throw new Refusal('The public log does not say yet which keys are in the key file: start a process with PLANE=console and the same key file first.')
    }
    const chipTrust = config.chipTrust && holdTrust(config.chipTrust)
    const isFirst = firstEver(database, config.plane, keyring)
    const volatile = redis ? await redisVolatile({ client: redis, sealer: keyring.volatileSealer, prefix, isFirst }) : embeddedVolatile({ clock })
    const durable = durableStores(database, { keyring, clock, rules })
    const { hostname: id, origin } = new URL(config.issuer)
    const verifying = { ...durable, clock, rp: { id, origin } }
    return {
      ...durable,
      offices: offices(verifying),
      isApproved: (proposal: ProposalId) => isApproved(verifying, proposal),
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

/** In production a process of one plane comes as a user that may do what its plane may. The sandbox has a Redis of its own. */
async function openRedisOf({ redisUrl: url, plane, production }: Config, prefix: string): Promise<RedisClient | undefined> {
  if (url === undefined) return undefined
  const redis = await openRedis({ url, mayEvict: !production })
  try {
    if (production && plane !== 'all' && prefix === livePrefix) await mustBeUserOf(redis, plane)
    return redis
  } catch (error) {
    redis.disconnect()
    throw error
  }
}

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
  const saying = (signing: Signing) => ({ clock, keys: presentKeys(keyring, signing) })
  if (plane === 'citizen') return async (signing) => keysAreSaid(database, saying(signing))
  return async (signing) => {
    await database.patiently((db) => recordKeys(db, saying(signing)))
    return true
  }
}
