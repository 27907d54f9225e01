import { expect, test } from 'vitest'
import { isFor, planes, type Plane } from '#kernel/plane.ts'
import { permissions } from '#domain/officer/permission.ts'
import { planeOf } from '#web/declared.ts'
import { mount, type Mounting } from '#web/router.ts'
import { developmentRoutes, routes } from '#web/routes.ts'

type OneMore = Mounting['more'][number]
const mounted = (plane: Plane, more: Mounting['more'] = []): readonly string[] => {
  const { stack } = mount({ plane, production: false, more, leftOut: [] }, () => async () => undefined)
  return stack.flatMap(({ path, methods }) => methods.filter((method) => method !== 'HEAD').map((method) => `${method} ${String(path)}`)).toSorted()
}
const made = (route: OneMore['route'], who: OneMore['who']): OneMore => ({ route, who, asks: false, signs: false, run: async () => ({ redirect: '/' }) })
const whoMay = new Map([...routes, ...developmentRoutes].map(({ route, who }) => [route as string, who]))

test('a process does what is for its plane, and one for both does everything', () => {
  expect(planes.map((plane) => [plane, isFor(plane, 'citizen'), isFor(plane, 'console')])).toEqual([['all', true, true], ['citizen', true, false], ['console', false, true]])
})

test('A02: of the two planes each has routes of its own, and together they have all', () => {
  const [citizen, console, all] = [mounted('citizen'), mounted('console'), mounted('all')]
  expect([citizen.length > 80, console.length > 40]).toEqual([true, true])
  expect(citizen.filter((route) => console.includes(route))).toEqual([])
  expect([...citizen, ...console].toSorted()).toEqual(all)
})

test('A02: whatever needs a permission is at the console, and everything at the console needs one', () => {
  const needsOne = (route: string) => Object.hasOwn(permissions, whoMay.get(route) ?? '')
  expect(mounted('citizen').filter(needsOne)).toEqual([])
  expect(mounted('console').filter((route) => !needsOne(route))).toEqual([])
})

test('A03: a page that names a permission and lives elsewhere is mounted nowhere', () => {
  for (const plane of planes) {
    expect(() => mounted(plane, [made('GET /tai-khoan/moi', 'role.read')])).toThrow('is no page of the console')
    expect(() => mounted(plane, [made('GET /quan-trix', 'client.read')])).toThrow('is no page of the console')
  }
})

test('a route is of the plane of the place that it is under', () => {
  const planeAt = (route: string) => planeOf({ route })
  expect(['GET /quan-tri', 'POST /quan-tri/khoa/:id/dung', 'GET /api/v1/clients'].map(planeAt)).toEqual(['console', 'console', 'console'])
  expect(['GET /', 'GET /quan-trix', 'POST /m2', 'GET /api/v10', 'GET /tai-khoan/quan-tri'].map(planeAt)).toEqual(['citizen', 'citizen', 'citizen', 'citizen', 'citizen'])
})
