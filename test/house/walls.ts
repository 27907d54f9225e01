/**
 * The walls of the house, in one place. `.oxlintrc.json` is made from this table and `house.test.ts` reads the imports of
 * every file against it, so neither can drift. A wall moves only together with a page in docs/decisions/.
 */
export type Wall = {
  /** Rooms of ours whose files may be imported; a room always sees itself as `./x.ts`. */
  rooms: readonly Room[]
  /** Rooms and packages of which only types may be seen. */
  types?: readonly string[]
  /** Packages this room alone, or with those named elsewhere, speaks to. */
  packages: readonly string[]
  /** Single files of a room that is otherwise closed: the ports it shows. */
  doors?: readonly string[]
  /** Node's own modules; `undefined` leaves them all open. */
  builtins?: readonly string[]
  /** Packages that single folders or files of the room may use besides, with the reason on a decision page. */
  exceptions?: Readonly<Record<string, readonly string[]>>
}

export const rooms = ['kernel', 'domain', 'keys', 'chip', 'observe', 'storage', 'oidc', 'web'] as const
export type Room = (typeof rooms)[number]

/** No clock but the injected one, no file and no socket: what a rule needs from Node is arithmetic. */
const pureBuiltins = ['node:crypto', 'node:buffer', 'node:util']

export const walls = {
  kernel: { rooms: [], packages: ['zod'], builtins: pureBuiltins },
  domain: {
    rooms: ['kernel'],
    packages: ['zod', '@simplewebauthn/server'],
    builtins: pureBuiltins,
    // A registry extract is a stream of CSV (docs/decisions/0004-dependencies.md).
    exceptions: { 'src/domain/registry/**': ['csv-parse', 'node:stream', 'node:stream/promises', 'node:string_decoder'] },
  },
  keys: { rooms: ['kernel'], packages: ['jose', 'zod'] },
  // Certificates and signatures of identity cards: it knows no library and no I/O (docs/decisions/0011-chip.md).
  chip: { rooms: ['kernel', 'domain'], packages: [], builtins: pureBuiltins },
  observe: { rooms: ['kernel'], packages: ['pino', 'prom-client'] },
  storage: {
    rooms: ['kernel', 'domain', 'keys'],
    packages: ['pg', 'kysely', 'pg-boss', 'ioredis', 'cluster-key-slot', '@electric-sql/pglite', 'nodemailer', 'rate-limiter-flexible', 'zod'],
  },
  oidc: {
    rooms: ['kernel', 'domain', 'keys'],
    // The provider is a Koa application, so what hangs into it has Koa's types.
    types: ['koa'],
    packages: ['oidc-provider', 'jose', 'zod'],
    // Our own API is a resource server like those of others (docs/decisions/0004-dependencies.md).
    exceptions: { 'src/oidc/api-tokens.ts': ['oauth4webapi'] },
  },
  web: {
    rooms: ['kernel', 'domain'],
    types: ['oidc'],
    // What the server must know of the protocol: which paths are its own, and what an error of ours is called there.
    doors: ['#oidc/errors.ts', '#oidc/routes.ts'],
    packages: ['koa', '@koa/router', 'helmet', 'zod'],
    // One view draws squares for cameras (docs/decisions/0004-dependencies.md).
    exceptions: { 'src/web/browser/**': ['@simplewebauthn/browser', 'esbuild'], 'src/web/views/qr.ts': ['uqr'] },
  },
} as const satisfies Record<Room, Wall>

/** Law and limits as data; every room may read the files of `config/` that it owns. */
export const openSubpaths = ['#config/']

/** Parts of what wires the rooms together (`#app/…`), as the files beside them: they may see every room, and no room sees them. */
export const wiring = ['cli', 'door', 'environment', 'sandbox', 'start'] as const
