import type { KeyObject } from 'node:crypto'
import { z } from 'zod'
import type { Floor } from '#domain/assurance/floor.ts'
import { ownPagesId } from '#domain/client/client.ts'
import { protocolRoutes } from '#oidc/routes.ts'
import { places } from '#web/place/citizen.ts'
import { viewOf } from '#web/request/visit.ts'
import { route } from '#web/route.ts'
import { notSignedInPage } from '#web/views/my-eid.ts'

/** Pages that somebody signs in for. What comes back through a browser leads nowhere else. */
const ownPage = /^\/(tai-khoan|quan-tri|nha-phat-trien)(\/[A-Za-z0-9_-]+){0,4}$/

function pageOr(path: string): string {
  return ownPage.test(path) && path !== places.entered ? path : places.account
}

/**
 * Where a citizen signs in to come to one of our own pages: at the same door as for every service (see `domain/client/own-pages.ts`),
 * and by the same words where the page needs more of the sign-in than usual.
 */
export function entrance(issuer: string, path: string, floor: Partial<Floor> = {}): string {
  const asked = {
    client_id: ownPagesId, response_type: 'none', scope: 'openid', redirect_uri: `${issuer}${places.entered}`, state: pageOr(path),
    ...(floor.within !== undefined && { max_age: String(floor.within) }), ...(floor.resistance && { acr_values: floor.resistance }),
  }
  return `${protocolRoutes.authorization}?${new URLSearchParams(asked).toString()}`
}

type Tools = { csrfKey: KeyObject; issuer: string }

/** Back from the sign-in: on to the page that was asked for, or, where nobody signed in, to the door again if they wish. */
export const enter = route({
  route: `GET ${places.entered}`,
  who: 'anyone',
  form: z.strictObject({}),
  act: async (tools: Tools, visit) => {
    const answer = new URL(visit.exchange.req.url ?? '', tools.issuer).searchParams
    return answer.has('error') ? { page: notSignedInPage(viewOf(tools, visit)) } : { redirect: pageOr(answer.get('state') ?? '') }
  },
})
