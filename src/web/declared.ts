import type { OnePlane } from '#kernel/plane.ts'
import type { Who } from './route.ts'
import { consolePlaces } from './place/console.ts'
import { developerPlaces } from './place/developer.ts'
import { apiRoot } from './place/program.ts'

type Listed = { route: string; who: Who }

const isUnder = (route: string, place: string): boolean => {
  const path = route.replace(/^[A-Z]+ /, '')
  return path === place || path.startsWith(`${place}/`)
}

/** Where those who run the e-ID and their programs come. What stands before the processes tells them apart by the same places (docs/administration.md). */
export const consoleRoots = [consolePlaces.start, apiRoot] as const

/** Which plane a route is of (A02): by where it lives, so that a page of the console cannot be forgotten in the other. */
export function planeOf({ route }: Pick<Listed, 'route'>): OnePlane {
  return consoleRoots.some((place) => isUnder(route, place)) ? 'console' : 'citizen'
}

/**
 * Default deny by where a page lives (A03): of the console each names a permission, of the developers each asks who somebody is. The router
 * mounts nothing else. Throws where a route is declared for more people than may come there.
 */
export function mustDeclare({ route, who }: Listed): void {
  if (isUnder(route, consolePlaces.start) && (who === 'anyone' || who === 'citizen')) throw new Error(`${route} is a page of the console and names no permission`)
  if (!isUnder(route, consolePlaces.start) && who !== 'anyone' && who !== 'citizen') throw new Error(`${route} names a permission and is no page of the console`)
  if (isUnder(route, developerPlaces.start) && who === 'anyone') throw new Error(`${route} is a page of developers and is open to anybody`)
}
