import type { KeyObject } from 'node:crypto'
import type { Log } from '#kernel/log.ts'
import { Problem } from '#kernel/problem.ts'
import { reference } from '#kernel/random.ts'
import type { DevicePages } from '#oidc/device.ts'
import type { KnownClients } from '#oidc/client/known.ts'
import { formatTime } from '#web/i18n/format.ts'
import { serviceOf } from '#web/interaction/at.ts'
import { backToDevice, problemPage, tellOf } from '#web/problem/page.ts'
import { viewOf } from '#web/request/visit.ts'
import { deviceCodePage, deviceConfirmPage, deviceEndPage, type DeviceFault } from '#web/views/device.ts'
import { draw, readForm, visitOf } from './draw.ts'

type Tools = { csrfKey: KeyObject; log: Log; clients: Pick<KnownClients, 'find'> }

/** What became of a code, by the library's names. */
const faults: Readonly<Record<string, DeviceFault>> = {
  NoCodeError: 'missing',
  NotFoundError: 'unknown',
  ExpiredError: 'spent',
  AlreadyUsedError: 'spent',
}

/** The pages of the device grant (RFC 8628 §3.3). */
export function makeDevicePages(tools: Tools): DevicePages {
  return {
    async enter(ctx, form, error) {
      const view = viewOf(tools, visitOf(ctx))
      // Too many guesses, or a store that is down: told as everywhere.
      if (error?.cause instanceof Problem) {
        return draw(ctx, problemPage(view, tellOf(error.cause), { reference: tell(tools, ctx, error), back: backToDevice(view) }))
      }
      if (error?.name === 'AbortedError') return draw(ctx, deviceEndPage(view, 'refused'))
      const fault = error && (faults[error.name] ?? 'failed')
      // What the link brought along was put aside before the library saw it (`askForTheCode`).
      const code = new URLSearchParams(ctx.originalUrl.split('?')[1]).get('user_code') ?? undefined
      draw(ctx, deviceCodePage(view, { ...readForm(form), ...(code !== undefined && { code: code.slice(0, 20) }), ...(fault && { fault }) }))
    },
    async confirm(ctx, form, { client: id, code, at }) {
      const client = await tools.clients.find(id)
      if (client === undefined) throw new Problem('internal')
      const view = viewOf(tools, visitOf(ctx))
      draw(ctx, deviceConfirmPage(view, {
        ...readForm(form), service: serviceOf(client, view), organisation: client.own.legal_name[view.language], code,
        askedAt: formatTime(new Date(at * 1000)),
      }))
    },
    async done(ctx) {
      draw(ctx, deviceEndPage(viewOf(tools, visitOf(ctx)), 'done'))
    },
  }
}

function tell({ log }: Tools, { path }: { path: string }, error: Error): string {
  const given = reference()
  log.info({ reference: given, route: path }, 'protocol request refused', error)
  return given
}
