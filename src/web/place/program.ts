import { places } from './citizen.ts'

/** Where programs of developers register themselves: at the sandbox, and nowhere at the live server. */
export const registrationPath = '/register'

/** The API of administrators. */
export const apiRoot = '/api/v1'

/** What its tokens are for (RFC 8707). */
export function apiIdentifier(issuer: string): string {
  return `${issuer}${apiRoot}`
}

/** Where readers of chips say what they have read (docs/chip.md). */
export const readerRoot = '/quay/doc-chip'

export function isReader(path: string): boolean {
  return path.startsWith(`${readerRoot}/`)
}

/** For programs, which are told of problems in JSON. */
export function isApi(path: string): boolean {
  return path.startsWith(`${apiRoot}/`) || isReader(path)
}

const log = `${places.transparency}/log` as const

/** Where programs read the log of changes to clients and keys (docs/transparency.md). */
export const logPlaces = { key: `${log}/key`, checkpoint: `${log}/checkpoint`, entries: `${log}/entries`, proof: `${log}/proof` } as const

/** What the log is called in its signed heads: the address of its files, without a scheme (C2SP tlog-checkpoint, "Note text"). */
export function logOrigin(issuer: string): string {
  return `${new URL(issuer).host}${log}`
}
