import type { Context } from 'koa'

/** What the library knows of a request; its context is there on its own routes only. */
export function oidcOf(ctx: Context): object | undefined {
  const oidc: unknown = ctx['oidc']
  return typeof oidc === 'object' && oidc !== null ? oidc : undefined
}

/** A member of what may be an object. */
export function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}

export function textIn(value: unknown, name: string): string | undefined {
  const member = memberOf(value, name)
  return typeof member === 'string' ? member : undefined
}
