import { interactionRoot, protocolRoutes } from '#oidc/routes.ts'

/** What a request asks for, for counting: few names, whatever strangers write into an address. */
const exact: ReadonlyMap<string, string> = new Map([
  ...Object.entries(protocolRoutes).map(([name, path]) => [path, name] as const),
  ['/', 'front'],
  ['/livez', 'probe'],
  ['/readyz', 'probe'],
])

const roots: ReadonlyMap<string, string> = new Map([
  [interactionRoot.slice(1), 'interaction'],
  ['authorize', 'authorization'],
  ['end-session', 'end_session'],
  ['thiet-bi', 'code_verification'],
  ['.well-known', 'discovery'],
  ['tai-khoan', 'account'],
  ['quan-tri', 'console'],
  ['nha-phat-trien', 'developer'],
  ['api', 'api'],
  ['assets', 'asset'],
])

export function surfaceOf(url: string): string {
  const [path = '/'] = url.split('?')
  return exact.get(path) ?? roots.get(path.split('/')[1] ?? '') ?? 'other'
}
