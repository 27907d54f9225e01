import { z } from 'zod'
import { lockOwn } from '#domain/account/own-lock.ts'
import { places } from '#web/place/citizen.ts'
import { readerOf, type ReaderTools } from '#web/reader.ts'
import { viewOf } from '#web/request/visit.ts'
import { route } from '#web/route.ts'
import { accountLockedPage, lockAccountPage } from '#web/views/own-lock.ts'
import { citizenRoute, posted, type CitizenTools } from './citizen.ts'

/** What it means is said before it is done. */
export const askToLock = citizenRoute({
  route: `GET ${places.lockAccount}`,
  form: z.strictObject({}),
  act: async (tools: CitizenTools & ReaderTools, { citizen, view }) => ({ page: lockAccountPage(view, await readerOf(tools, citizen.account)) }),
})

/** In a hurry, and undone with a passkey: a session is enough. */
export const lockAccount = citizenRoute({
  route: `POST ${places.lockAccount}`,
  form: posted,
  act: async (tools: CitizenTools & Parameters<typeof lockOwn>[0], { citizen }) => {
    await lockOwn(tools, citizen.account)
    return { redirect: places.accountLocked }
  },
})

/** Nobody is signed in here any more, so anybody may read it. */
export const showAccountLocked = route({
  route: `GET ${places.accountLocked}`,
  who: 'anyone',
  form: z.strictObject({}),
  act: async (tools: CitizenTools, visit) => ({ page: accountLockedPage(viewOf(tools, visit)) }),
})
