import Router, { type RouterContext } from '@koa/router'
import type { z } from 'zod'
import { Problem } from '#kernel/problem.ts'
import { askedBody, questionBody, readingBody } from '#domain/chip/body.ts'
import { reasons, type ChipRefusal } from '#domain/chip/reason.ts'
import type { ChipRules } from '#domain/chip/rules.ts'
import { askAtDesk, hearAtDesk, mustBePaired, type ChipDesk, type Pairing } from '#domain/desk/reader.ts'
import { readerRoot } from '#web/place/program.ts'
import { received } from '#web/request/body.ts'
import { whileItArrives } from '#web/request/state.ts'

type Tools = Omit<Parameters<typeof hearAtDesk>[0], 'chipDesk'> & { chipDesk?: ChipDesk | undefined }
type Able = Parameters<typeof hearAtDesk>[0]

/**
 * What readers of chips say and hear (docs/chip.md). A reader knows no cookie: the code that an officer has given it is looked at before anything that it sends is read.
 * Nothing of what the card says is sent back.
 */
export function serveReaders(tools: Tools) {
  const router = new Router({ prefix: readerRoot })
  const post = (path: string, is: Pairing['is'], act: (able: Able, code: string, ctx: RouterContext) => Promise<object>) =>
    router.post(path, async (ctx: RouterContext) => {
      const { chipDesk } = tools
      if (chipDesk === undefined) throw new Problem('request.not-found')
      const code = codeOf(ctx)
      await mustBePaired(tools, code, is)
      const said = await act({ ...tools, chipDesk }, code, ctx)
      ctx.set('Cache-Control', 'no-store')
      ctx.type = 'application/json'
      ctx.body = JSON.stringify(said)
    })
  post('/question', 'waiting', async (able, code, ctx) => {
    const { dg14 } = await bodyOf(ctx, questionBody(able.chipDesk.rules), able.chipDesk.rules)
    const begun = await askAtDesk(able, code, dg14)
    return begun.is === 'refused' ? refused(begun) : askedBody(begun.reading, begun.question)
  })
  post('/reading', 'asked', async (able, code, ctx) => {
    const verdict = await hearAtDesk(able, code, await bodyOf(ctx, readingBody(able.chipDesk.rules), able.chipDesk.rules))
    return verdict.is === 'refused' ? refused(verdict) : { is: 'verified' }
  })
  return router.routes()
}

const refused = ({ reason, part }: ChipRefusal) => ({ is: 'refused', reason, ...(part !== undefined && { part }), trouble: reasons[reason].trouble })

/** RFC 6750 §2.1. */
function codeOf(ctx: RouterContext): string {
  const [, code] = /^Bearer ([2-9A-Z-]{19})$/i.exec(ctx.headers.authorization ?? '') ?? []
  if (code === undefined) throw new Problem('reader.not-paired')
  return code
}

/** All files of the largest size in Base64, and what stands around them. */
const longest = ({ largest }: ChipRules): number => Math.ceil((largest.sod + 5 * largest.dataGroup) / 3) * 4 + 4096

async function bodyOf<Schema extends z.ZodType>(ctx: RouterContext, schema: Schema, rules: ChipRules): Promise<z.output<Schema>> {
  if (ctx.request.type !== 'application/json') throw new Problem('request.malformed')
  const most = longest(rules)
  // Said before anything is read: what follows on the connection is then passed over by itself.
  if (Number(ctx.headers['content-length'] ?? 0) > most) throw new Problem('request.too-large')
  const bytes = await whileItArrives(ctx, () => received(ctx.req, most))
  const read = schema.safeParse(jsonOf(bytes))
  if (!read.success) throw new Problem('request.malformed', { cause: read.error })
  return read.data
}

function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    throw new Problem('request.malformed', { cause })
  }
}
