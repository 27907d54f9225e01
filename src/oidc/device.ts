import type { Configuration, KoaContextWithOIDC } from 'oidc-provider'
import { systemClock, epochSeconds } from '#kernel/clock.ts'

type DeviceFlow = NonNullable<NonNullable<Configuration['features']>['deviceFlow']>

/** What a page is told of the library's own form: its token against forgery. */
export type DevicePages = {
  /** `error` is what became of the code that was typed, by the library's name of it. */
  enter: (ctx: KoaContextWithOIDC, form: string, error?: Error) => Promise<void>
  confirm: (ctx: KoaContextWithOIDC, form: string, asked: { client: string; code: string; at: number }) => Promise<void>
  done: (ctx: KoaContextWithOIDC) => Promise<void>
}

/**
 * RFC 8628. The codes have twenty letters that look like nothing else and make no words (§6.1), eight of them: with the limits on
 * guesses a stranger finds none. Nothing about the device is kept but when it asked, for it could say what it likes, and whether for a
 * new sign-in: of `max_age=0` the library makes a `prompt`, and keeps none for a device.
 */
export function deviceFlow(pages: DevicePages): DeviceFlow {
  return {
    enabled: true,
    charset: 'base-20',
    mask: '****-****',
    deviceInfo: ({ oidc }) => ({ at: epochSeconds(systemClock.now()), ...(oidc.prompts.has('login') && { afresh: true }) }),
    userCodeInputSource: (ctx, form, _out, error) => pages.enter(ctx, form, error),
    userCodeConfirmSource: (...[ctx, form, client, info, code]) => pages.confirm(ctx, form, { client: client.clientId, code, at: Number(info['at']) }),
    successSource: (ctx) => pages.done(ctx),
  }
}

/** Whether this request of a device is for a new sign-in, whoever is signed in where its code is entered (OIDC Core §3.1.2.1 `max_age`). */
export function wantsAfresh({ oidc: { entities: { DeviceCode: code } } }: KoaContextWithOIDC): boolean {
  return code?.deviceInfo?.['afresh'] === true
}
