import { z } from 'zod'
import { readReference } from '#domain/notice/reference.ts'
import type { NoticeStore } from '#domain/notice/store.ts'
import { formatTime } from '#web/i18n/format.ts'
import type { Answer } from '#web/route.ts'
import { whatHappened } from '#web/holder-notices.ts'
import { places } from '#web/place/citizen.ts'
import { noticesPage, type Checked } from '#web/views/notices.ts'
import { citizenRoute, posted, type CitizenTools, type Scene } from './citizen.ts'

type Tools = CitizenTools & { holderNotices: Pick<NoticeStore, 'ofAccount' | 'language' | 'choose'> }

async function show({ holderNotices }: Tools, { citizen, view }: Scene, more: { checked?: Checked; saved?: boolean } = {}): Promise<Answer> {
  const [all, language] = await Promise.all([holderNotices.ofAccount(citizen.account), holderNotices.language(citizen.account)])
  const told = all.map(({ occasion, at, reference, deliveries }) => ({
    what: whatHappened(occasion, view.language), at: formatTime(at), reference, deliveries: deliveries.map(({ channel, sentAt }) => ({ channel, sentAt: sentAt && formatTime(sentAt) })),
  }))
  return { page: noticesPage(view, { told, language, ...more }), ...(more.checked?.is === 'slip' || more.checked?.is === 'missing' ? { status: 422 } : {}) }
}

/** Everything its holder was told: what, when, where to, and by which reference it is quoted. */
export const showNotices = citizenRoute({
  route: `GET ${places.notices}`,
  form: z.strictObject({}),
  act: (tools: Tools, scene) => show(tools, scene),
})

/** Whether a notice that somebody got is ours. */
export const checkNotice = citizenRoute({
  route: `POST ${places.checkNotice}`,
  form: posted.extend({ reference: z.string().max(60) }),
  act: async (tools: Tools, scene, { reference: typed }) => {
    const reference = readReference(typed)
    if (reference === undefined) return show(tools, scene, { checked: { is: typed.trim() === '' ? 'missing' : 'slip', typed } })
    const ours = (await tools.holderNotices.ofAccount(scene.citizen.account)).some((one) => one.reference === reference)
    return show(tools, scene, { checked: { is: ours ? 'ours' : 'notOurs', typed } })
  },
})

export const chooseNoticeLanguage = citizenRoute({
  route: `POST ${places.noticeLanguage}`,
  form: posted.extend({ language: z.enum(['both', 'vi', 'en']) }),
  act: async (tools: Tools, scene, { language }) => {
    await tools.holderNotices.choose(scene.citizen.account, language === 'both' ? undefined : language)
    return show(tools, scene, { saved: true })
  },
})
