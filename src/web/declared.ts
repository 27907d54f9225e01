import type { Who } from './route.ts'
import { places } from './places.ts'

type Listed = { route: string; who: Who }

const isUnder = (route: string, place: string): boolean => {
  const path = route.replace(/^[A-Z]+ /, '')
  return path === place || path.startsWith(`${place}/`)
}

/**
 * Default deny by where a page lives (A03): of the console each names a permission, of the developers each asks who somebody is. The router
 * mounts nothing else. Throws where a route is declared for more people than may come there.
 */
export function mustDeclare({ route, who }: Listed): void {
  if (isUnder(route, places.console) && (who === 'anyone' || who === 'citizen')) throw new Error(`${route} is a page of the console and names no permission`)
  if (isUnder(route, places.developers) && who === 'anyone') throw new Error(`${route} is a page of developers and is open to anybody`)
}
