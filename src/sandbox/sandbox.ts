import { join } from 'node:path'
import type { Log } from '#kernel/log.ts'
import { developerClients } from '#domain/sandbox/developer-client.ts'
import { switchOn } from '#domain/sandbox/fault.ts'
import { publicKey } from '#domain/sandbox/public-key.ts'
import { registrations } from '#domain/sandbox/registration.ts'
import type { Sandbox } from '#domain/sandbox/sandbox.ts'
import { withTwins } from '#domain/sandbox/trial-client.ts'
import { entryReader } from '#oidc/client/registered.ts'
import { explain } from '#oidc/explained/explain.ts'
import { hostileLayer } from '#oidc/hostile/layer.ts'
import { makeHostileKey, publicHalf } from '#oidc/hostile/make-key.ts'
import { pacedPaths, paceClients } from '#oidc/sandbox/pace.ts'
import { noteRequests } from '#oidc/sandbox/seen.ts'
import { makeTrials } from '#oidc/sandbox/trials.ts'
import { migrate } from '#storage/postgres/migrate.ts'
import { developerClientStore } from '#storage/sandbox/developer-clients.ts'
import { faults as faultStore } from '#storage/sandbox/faults.ts'
import { players as playerStore } from '#storage/sandbox/players.ts'
import { registrationStore } from '#storage/sandbox/registrations.ts'
import { requestLog } from '#storage/sandbox/requests.ts'
import { cancelRecovery } from '#web/account/cancel-recovery.ts'
import { checkNotice, chooseNoticeLanguage } from '#web/account/notices.ts'
import { takeLost } from '#web/lost/page.ts'
import { takeContact, takeContactCode } from '#web/account/own-contact.ts'
import { makeRecoveryCodes } from '#web/account/recovery-codes.ts'
import { answerOffer, give } from '#web/account/mandates.ts'
import { declare as declareOrganisation } from '#web/account/declare-organisation.ts'
import { actOnOrganisation } from '#web/account/organisations.ts'
import { openWard } from '#web/account/wards.ts'
import { signOutEverywhere } from '#web/account/home.ts'
import { lockAccount } from '#web/account/own-lock.ts'
import { removePasskey, renamePasskey } from '#web/account/passkey.ts'
import { takeOwnPasskey, takeSecurityKey } from '#web/account/security-key.ts'
import { trialStore } from '#storage/sandbox/trials.ts'
import { developerPlaces } from '#web/place/developer.ts'
import { registrationPath } from '#web/place/program.ts'
import { serveRegistration } from '#web/sandbox/registration.ts'
import { offerTestPeople, signInAsTestPerson } from '#web/sandbox/test-people.ts'
import { makeApp, type App } from '#app/app.ts'
import { makeBackground } from '#app/background.ts'
import type { SandboxConfig } from '#app/config.ts'
import { openHouse, type House } from '#app/house.ts'
import { makeDoor } from '#app/door/line.ts'
import { refuseShared, type LiveStores } from './apart.ts'
import { bringTestPeople } from './people.ts'
import { selfTestsAt } from './self-tests.ts'
import { signingAt } from '#app/signing.ts'

const migrations = join(import.meta.dirname, '..', '..', 'migrations', 'sandbox')
/** A slow answer comes before the deadline, and the deadline before the patience of the connection ends. */
const deadlines = { page: 3000, protocol: 12_000 }
const slowness = 10_000
const secretSeconds = 600

export type OpenSandbox = {
  house: House
  app: App
  sandbox: Sandbox
  settle: () => Promise<void>
  /** Where the portal's own programs reach it, whatever stands before the issuer. */
  listensAt: (origin: string) => void
}

/**
 * The sandbox: a second house with a second App, which share nothing with the live ones but the program. Here alone stands together
 * what no live App can reach: faults, and passkeys that the server holds for people who do not exist (docs/decisions/0009).
 */
export async function openSandbox(config: SandboxConfig, { log, live, portal }: { log: Log; live: LiveStores; /** The live issuer, where developers are. */ portal: string }): Promise<OpenSandbox> {
  await refuseShared(config, live)
  const house = await openHouse(config, { prefix: 'eid-sandbox:' })
  try {
    await migrate(house.database, migrations, undefined, 'sandbox_')
    return await furnish(house, config, { log, portal })
  } catch (error) {
    await house.close()
    throw error
  }
}

async function furnish(house: House, config: SandboxConfig, { log, portal }: { log: Log; portal: string }): Promise<OpenSandbox> {
  const { database, keyring, volatile, clock, rules, clients } = house
  const key = await makeHostileKey('ES256')
  const redirectUri = `${portal}${developerPlaces.trialAnswer}`
  const players = playerStore(database, keyring.sealer)
  await bringTestPeople({ ...house, players })
  const store = developerClientStore(database, { sealer: keyring.sealer, clients })
  const faults = faultStore(volatile, { clock })
  const requests = requestLog(volatile)
  const readEntry = entryReader({ clients, ours: [config.issuer], rules: { allowLocal: true, outboundAllow: config.outboundAllow }, catalogue: rules.scopes, jwks: keyring.jwks, mutualTls: config.mutualTls })
  const registering = registrations({ store: registrationStore(database, { sealer: keyring.sealer, clients }), readEntry, catalogue: rules.scopes, clock })
  const { settle, ...background } = makeBackground({ ...house, log })
  const door = makeDoor({ ...house, log, places: config.maxInFlight })
  const app = makeApp({ ...house, clients: withTwins(clients, { redirectUri, key: publicKey.parse(publicHalf(key)) }) }, config, {
    log,
    ...background, ...door,
    signing: signingAt(keyring.signing, await house.keyChanges.list(), clock.now()),
    variant: {
      cookieName: 'eid-sandbox',
      routes: [signInAsTestPerson(players)],
      // The twelve are everybody's: nobody takes them from the others.
      leftOut: [signOutEverywhere.route, lockAccount.route, takeSecurityKey.route, takeOwnPasskey.route, renamePasskey.route, removePasskey.route, makeRecoveryCodes.route, chooseNoticeLanguage.route, cancelRecovery.route, takeLost.route, takeContact.route, takeContactCode.route, openWard.route, actOnOrganisation.route, declareOrganisation.route, give.route, answerOffer.route, checkNotice.route],
      offers: offerTestPeople,
      paced: pacedPaths,
      forPrograms: [serveRegistration({ ...house, issuer: config.issuer, registrations: registering })],
      registration: `${config.issuer}${registrationPath}`,
      around: [
        noteRequests({ requests, clock, isKnown: async (id) => (await clients.find(id)) !== undefined }),
        paceClients(house),
        hostileLayer({ faults, own: keyring.jwks.keys, slowness }),
      ],
      deadlines,
    },
  })
  const secretKey = (client: string) => `sandbox-secret:${client}`
  const stageKey = async (id: Parameters<typeof clients.find>[0]) => makeHostileKey(signedWith(await clients.find(id)))
  const developers = developerClients({ store, readEntry, catalogue: rules.scopes, clock })
  let inside = config.issuer
  const line = () => ({ inside, issuer: config.issuer, key })
  const selfTests = selfTestsAt(house, config, { log, faults, players, clients: store, makeKey: async ({ id }) => stageKey(id) })
  const sandbox: Sandbox = {
    issuer: config.issuer,
    clients: developers,
    selfTests,
    trials: makeTrials({ store: trialStore(volatile), clients: developers, line, redirectUri, clock }),
    initialToken: registering.issue,
    secretOnce: { put: (client, secret) => volatile.offer(secretKey(client), secret, secretSeconds), take: (client) => volatile.take(secretKey(client)) },
    faults: {
      find: faults.find,
      switchOn: (owner, client, fault) => switchOn({ faults, clock, stageKey }, client, { fault, owner }),
      switchOff: faults.switchOff,
    },
    requests: async (client) => (await requests.latest(client)).map((seen) => ({ ...seen, ...(seen.error !== undefined && explain(seen.error, seen.reason)) })),
  }
  const close = async () => {
    door.line.stop()
    await selfTests.stop()
    await house.close()
  }
  return { house: { ...house, close }, app, sandbox, settle, listensAt: (origin) => void (inside = origin) }
}

/** What a client's ID tokens are signed with. */
function signedWith(client: Awaited<ReturnType<House['clients']['find']>>): string {
  const alg = client?.registered['id_token_signed_response_alg']
  return typeof alg === 'string' ? alg : 'ES256'
}
