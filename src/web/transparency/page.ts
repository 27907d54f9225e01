import type { KeyObject } from 'node:crypto'
import { z } from 'zod'
import { readEntry, type Entry } from '#domain/transparency/entry.ts'
import { keyText } from '#domain/transparency/head.ts'
import type { TransparencyLog } from '#domain/transparency/log.ts'
import { formatTime } from '#web/i18n/format.ts'
import { textsOf, type Language } from '#web/i18n/language.ts'
import { places } from '#web/place/citizen.ts'
import { viewOf } from '#web/request/visit.ts'
import { route } from '#web/route.ts'
import { transparencyPage, type ShownChange } from '#web/views/transparency.ts'

type Tools = { transparency: TransparencyLog; csrfKey: KeyObject }

const onePage = 50

/** The newest changes, or those before a line (`truoc`). Only what the head signs is shown. */
export const showTransparency = route({
  route: `GET ${places.transparency}`,
  who: 'anyone',
  asks: true,
  form: z.object({ truoc: z.string().regex(/^[1-9]\d{0,14}$/).transform(Number).optional() }),
  act: async (tools: Tools, visit, { truoc }) => {
    const { transparency } = tools
    const view = viewOf(tools, visit)
    const { size, root } = await transparency.head()
    const end = Math.min(truoc ?? size, size)
    const kept = end === 0 ? [] : await transparency.entries(Math.max(0, end - onePage), end - 1)
    const changes = kept.toReversed().map(({ seq, text }) => inWords(seq, readEntry(text), view.language))
    const head = { size, root: Buffer.from(root).toString('hex'), key: keyText(transparency.key) }
    return { page: transparencyPage(view, { head, changes, older: end > onePage ? end - onePage : undefined, isNewest: end === size }) }
  },
})

function inWords(seq: number, change: Entry, language: Language): ShownChange {
  const { transparency: t, console: { roles } } = textsOf(language)
  const { role, proposal } = change.by
  const known: Readonly<Record<string, string>> = { ...roles.names, ...t.roles }
  return {
    seq,
    at: formatTime(new Date(change.at)),
    what: t.kinds[change.kind],
    whose: 'client' in change ? change.client.legal_name[language] : change.subject,
    subject: change.subject,
    by: [known[role] ?? role, ...(proposal === undefined ? [] : [t.proposal(proposal)])].join(', '),
  }
}
