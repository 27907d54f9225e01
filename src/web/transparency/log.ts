import { z } from 'zod'
import { Problem } from '#kernel/problem.ts'
import { keyText } from '#domain/transparency/head.ts'
import type { TransparencyLog } from '#domain/transparency/log.ts'
import { logPlaces } from '#web/place/program.ts'
import { route, type PublicData } from '#web/route.ts'

type Tools = { transparency: TransparencyLog }

/** Seconds for which a head may be kept: an observer hears of a change that long after it at the latest. */
const headFresh = 10
const place = z.string().regex(/^(0|[1-9]\d{0,14})$/).transform(Number)

export const showLogKey = route({
  route: `GET ${logPlaces.key}`,
  who: 'anyone',
  form: z.strictObject({}),
  act: async ({ transparency: { key } }: Tools) => ({ data: `${keyText(key)}\n`, type: 'text/plain' as const, fresh: 3600 }),
})

/** The newest head as a signed note (C2SP tlog-checkpoint). */
export const showCheckpoint = route({
  route: `GET ${logPlaces.checkpoint}`,
  who: 'anyone',
  form: z.strictObject({}),
  act: async ({ transparency }: Tools) => ({ data: (await transparency.head()).note, type: 'text/plain' as const, fresh: headFresh }),
})

/** A hundred at most; whoever asks for more goes on behind the last that came. What is there stays as it is, so a full answer is good for ever. */
export const showEntries = route({
  route: `GET ${logPlaces.entries}`,
  who: 'anyone',
  asks: true,
  form: z.strictObject({ from: place, to: place }).refine(({ from, to }) => from <= to),
  act: async ({ transparency }: Tools, _visit, { from, to }) => {
    const kept = await transparency.entries(from, to)
    return json({ from, entries: kept.map(({ text }) => text) }, kept.at(-1)?.seq === to ? 'for good' : headFresh)
  },
})

const asked = z.union([z.strictObject({ index: place, size: place }), z.strictObject({ first: place, second: place })])

/** That an entry is in the log of a size (RFC 9162 §2.1.3), or that the log of one size goes on as that of another (§2.1.4). */
export const showProof = route({
  route: `GET ${logPlaces.proof}`,
  who: 'anyone',
  asks: true,
  form: asked,
  act: async ({ transparency }: Tools, _visit, input) => {
    const hashes = 'index' in input ? await transparency.inclusion(input.index, input.size) : await transparency.consistency(input.first, input.second)
    if (hashes === undefined) throw new Problem('request.not-found')
    return json({ ...input, hashes }, 'for good')
  },
})

function json(value: object, fresh: PublicData['fresh']): PublicData {
  return { data: JSON.stringify(value), type: 'application/json', fresh }
}
