import { z } from 'zod'
import { clientName, kinds, type Kind, type Outcome } from '#domain/sandbox/developer-client.ts'
import { publicKey, type PublicKey } from '#domain/sandbox/public-key.ts'
import { posted } from '#web/account/citizen.ts'
import { developerClientPaths, developerClientPlaces, developerPlaces } from '#web/place/developer.ts'
import { registrationPath } from '#web/place/program.ts'
import type { Answer } from '#web/route.ts'
import { formatTime } from '#web/i18n/format.ts'
import { changePage, clientPage, developerHome, removePage, type ClientForm, type FormFault } from '#web/views/developer/clients.ts'
import { initialTokenPage, noRoomPage } from '#web/views/developer/registration.ts'
import { atClient, developerRoute, ownClient, postedAtClient, type DeveloperScene } from './at.ts'
import { codeFor } from './samples.ts'

/** All clients of this developer, and the form of the next. */
export const showDeveloper = developerRoute({
  route: `GET ${developerPlaces.start}`,
  form: z.strictObject({}),
  act: async (scene) => home(scene, { name: '', redirectUri: '', kind: 'key' }),
})

const spoken = { name: z.string().max(200), redirectUri: z.string().max(2000) }

/** Name and address, and a client that works. */
export const registerClient = developerRoute({
  route: `POST ${developerPlaces.start}`,
  spends: 'developer-acts-per-account',
  form: posted.extend({ ...spoken, kind: z.enum(kinds), key: z.string().max(1000).default('') }),
  act: async (scene, { csrf: _csrf, key: text, ...typed }) => {
    const { sandbox, citizen: { account } } = scene
    const name = clientName.safeParse(typed.name).data
    const key = typed.kind === 'secret' ? undefined : keyIn(text)
    if (name === undefined) return home(scene, typed, 'name')
    if (typed.kind !== 'secret' && key === undefined) return home(scene, typed, 'key')
    const outcome = await sandbox.clients.register(account, { name, redirectUri: typed.redirectUri.trim(), kind: typed.kind, key })
    if (outcome.is !== 'done') return home(scene, typed, ...told(outcome))
    const { id, secret } = outcome.done
    if (secret !== undefined) await sandbox.secretOnce.put(id, secret)
    return { redirect: developerClientPlaces(id).start }
  },
})

function keyIn(text: string): PublicKey | undefined {
  try {
    return publicKey.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}

/** Whose fault it is that a client was not taken, and the reason as programs would hear it. */
function told(outcome: Exclude<Outcome<unknown>, { is: 'done' }>): [FormFault, string?] {
  return outcome.is === 'full' ? ['full'] : ['uri', outcome.fault]
}

async function home({ sandbox, citizen, view }: DeveloperScene, form: ClientForm & { kind: Kind }, fault?: FormFault, reason?: string): Promise<Answer> {
  const mine = await sandbox.clients.mine(citizen.account)
  return { page: developerHome(view, { mine, form, fault, reason }), ...(fault !== undefined && { status: 422 }) }
}

/** For a program that registers itself. Shown here, and never again. */
export const giveInitialToken = developerRoute({
  route: `POST ${developerPlaces.initialToken}`,
  spends: 'developer-acts-per-account',
  form: posted,
  act: async ({ sandbox, citizen, view }) => {
    const issued = await sandbox.initialToken(citizen.account)
    return issued === undefined
      ? { page: noRoomPage(view), status: 422 }
      : { page: initialTokenPage(view, { token: issued.token, until: formatTime(issued.expires), endpoint: `${sandbox.issuer}${registrationPath}` }) }
  },
})

/** Everything a program needs to be this client. */
export const showClient = developerRoute({
  route: `GET ${developerClientPaths.start}`,
  form: atClient,
  act: async (scene, { id }) => {
    const { sandbox, view } = scene
    const client = await ownClient(scene, id)
    const [secret, on] = await Promise.all([sandbox.secretOnce.take(id), sandbox.faults.find(id)])
    const fault = on && { fault: on.fault, until: formatTime(new Date(on.until * 1000)) }
    const page = clientPage(view, { client, issuer: sandbox.issuer, codes: codeFor(client, sandbox.issuer), secret, fault })
    return { page, formsTo: [sandbox.issuer] }
  },
})

export const askToChange = developerRoute({
  route: `GET ${developerClientPaths.change}`,
  form: atClient,
  act: async (scene, { id }) => {
    const client = await ownClient(scene, id)
    return { page: changePage(scene.view, { client, form: client }) }
  },
})

export const changeClient = developerRoute({
  route: `POST ${developerClientPaths.change}`,
  spends: 'developer-acts-per-account',
  form: postedAtClient.extend(spoken),
  act: async (scene, { id, name: typed, redirectUri }) => {
    const client = await ownClient(scene, id)
    const again = (fault: FormFault, reason?: string): Answer => ({ page: changePage(scene.view, { client, form: { name: typed, redirectUri }, fault, reason }), status: 422 })
    const name = clientName.safeParse(typed).data
    if (name === undefined) return again('name')
    const outcome = await scene.sandbox.clients.change(scene.citizen.account, id, { name, redirectUri: redirectUri.trim() })
    if (outcome !== undefined && outcome.is !== 'done') return again(...told(outcome))
    return { redirect: developerClientPlaces(id).start }
  },
})

export const askToRemove = developerRoute({
  route: `GET ${developerClientPaths.remove}`,
  form: atClient,
  act: async (scene, { id }) => ({ page: removePage(scene.view, await ownClient(scene, id)) }),
})

export const removeClient = developerRoute({
  route: `POST ${developerClientPaths.remove}`,
  spends: 'developer-acts-per-account',
  form: postedAtClient,
  act: async ({ sandbox, citizen }, { id }) => {
    await sandbox.clients.remove(citizen.account, id)
    return { redirect: developerPlaces.start }
  },
})
