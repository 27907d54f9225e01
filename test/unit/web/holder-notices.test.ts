import { describe, expect, test } from 'vitest'
import { randomUUID } from 'node:crypto'
import { accountId, contactId, noticeId } from '#kernel/id.ts'
import { lockGrounds } from '#domain/account/ground.ts'
import type { Occasion } from '#domain/notice/occasion.ts'
import { printedReference, referenceOf } from '#domain/notice/reference.ts'
import type { Sms } from '#domain/notice/sms.ts'
import type { Due } from '#domain/notice/store.ts'
import type { Mail } from '#domain/signal/mail.ts'
import { makeHolderNotices } from '#web/holder-notices.ts'
import { textsOf } from '#web/i18n/language.ts'

const at = new Date('2026-11-26T05:00:00Z')
const reference = referenceOf(new Uint8Array([1, 2, 3, 4, 5]))
const one = { account: accountId.parse(randomUUID()), notice: noticeId.parse(randomUUID()), contact: contactId.parse(randomUUID()) }

const plain = (['account-opened', 'account-activated', 'account-raised', 'passkey-added', 'passkey-removed', 'codes-printed', 'code-used', 'recovery-cancelled', 'contact-changed'] as const).map((of): Occasion => ({ of }))
const every: readonly Occasion[] = [
  ...plain, { of: 'paper-ending', paper: 'passport', on: '2026-12-20' }, { of: 'recovered', heldUntil: '2026-11-29T05:00:00Z' },
  ...lockGrounds.flatMap((ground): Occasion[] => [{ of: 'account-locked', ground }, { of: 'account-unlocked', ground }]),
  { of: 'account-locked', ground: 'holder-request', byCode: true },
]

/** What leaves the house for one delivery. */
async function carry(due: Partial<Due> | undefined, { gateway = true, answer = 'taken' as const }: { gateway?: boolean; answer?: 'taken' | 'refused' } = {}) {
  const [mails, messages, marked]: [Mail[], Sms[], string[]] = [[], [], []]
  const tell = makeHolderNotices({
    mailer: { send: async (mail) => void mails.push(mail) },
    sms: gateway ? { send: async (sms) => (messages.push(sms), answer) } : undefined,
    holderNotices: {
      due: async () => due && { occasion: { of: 'passkey-added' }, at, reference, channel: 'email', to: 'lan@example.com', office: 'commune', ...due },
      sent: async (_account, notice) => void marked.push(notice),
    },
    clock: { now: () => at },
  })
  return { outcome: await tell(one), mails, messages, marked }
}

const anyLink = /https?:|www\.|:\/\/|<a\b|[\w-]\.(vn|com|org|net|gov)\b|\/[a-z-]+\//i

describe('a notice', () => {
  test.each(['vi', 'en'] as const)('says in %s what happened, when, by which reference and what to do, and holds no link', async (language) => {
    for (const occasion of every) {
      const { mails: [mail] } = await carry({ occasion, language })
      const { messages: [sms] } = await carry({ occasion, language, channel: 'sms', to: '+84912345678' })
      for (const text of [mail?.text ?? '', sms?.text ?? '']) {
        expect(text).toContain(printedReference(reference))
        expect(text).toContain('26/11/2026 12:00')
        expect(text).not.toMatch(anyLink)
      }
      expect(mail?.subject).toBe(textsOf(language).notices.occasions[occasion.of].subject)
      expect([mail?.language, sms?.language, mail?.to, sms?.to]).toEqual([language, language, 'lan@example.com', '+84912345678'])
    }
  })

  test('is in both languages where its holder chose none, and in one alone where they did', async () => {
    const [both, vietnamese, english] = [await carry({}), await carry({ language: 'vi' }), await carry({ language: 'en' })].map(({ mails: [mail] }) => mail?.text ?? '')
    expect(both).toMatch(/Một khóa mới[^]*\n--\n[^]*A new passkey/)
    expect([vietnamese?.includes('A new passkey'), english?.includes('Một khóa mới')]).toEqual([false, false])
  })

  test('says how to lock the account where it may be somebody else’s doing, and whom to ask where it is an office’s', async () => {
    const said = async (occasion: Occasion) => (await carry({ occasion, language: 'vi' })).mails[0]?.text ?? ''
    for (const occasion of [...plain, { of: 'account-locked', ground: 'holder-request' } as const]) expect(await said(occasion)).toContain('chọn Mất thiết bị')
    expect(await said({ of: 'recovered', heldUntil: '2026-11-29T05:00:00Z' })).toMatch(/29\/11\/2026 12:00[^]*khóa vừa tạo bị xóa/)
    for (const ground of ['card-expired', 'competent-body'] as const) expect(await said({ of: 'account-locked', ground })).not.toContain('Mất thiết bị')
  })

  test('says where a printed code has reported the device as lost, for the sheet may be in other hands', async () => {
    const said = async (occasion: Occasion, language: 'vi' | 'en') => (await carry({ occasion, language })).mails[0]?.text ?? ''
    const byCode = { of: 'account-locked', ground: 'holder-request', byCode: true } as const
    expect([await said(byCode, 'vi'), await said(byCode, 'en')]).toEqual([expect.stringContaining('tờ giấy đang ở trong tay người khác'), expect.stringContaining('somebody else has the sheet')])
    expect(await said({ of: 'account-locked', ground: 'holder-request' }, 'en')).not.toContain('sheet')
  })

  test('names the paper that ends and its last day, and whom to ask', async () => {
    const { mails: [mail] } = await carry({ occasion: { of: 'paper-ending', paper: 'passport', on: '2026-12-20' }, language: 'en' })
    expect(mail?.text).toContain('Last day of the passport: 20/12/2026.')
    expect(mail?.text).not.toContain('Lost your device')
  })

  test('sends a foreigner to the immigration authority, and nobody else there', async () => {
    const occasion = { of: 'paper-ending', paper: 'passport', on: '2026-12-20' } as const
    for (const [office, ...said] of [['commune', 'Công an xã, phường', 'commune or ward police'], ['immigration', 'cơ quan quản lý xuất nhập cảnh', 'immigration authority']] as const) {
      const { mails: [mail] } = await carry({ occasion, office })
      const messages = [(await carry({ occasion, office, channel: 'sms', language: 'vi' })).messages[0]?.text, (await carry({ occasion, office, channel: 'sms', language: 'en' })).messages[0]?.text]
      for (const words of said) expect([office, words, mail?.text.includes(words), messages.some((text) => text?.includes(words))]).toEqual([office, words, true, true])
      for (const text of [mail?.text, ...messages]) expect(text).not.toMatch(office === 'immigration' ? /Công an|police|căn cước|identity card/ : /xuất nhập cảnh|immigration/)
    }
  })

  test('is marked once it was taken over, and bears one name at each try', async () => {
    const { outcome, marked, mails } = await carry({})
    expect([outcome, marked, mails[0]?.id]).toEqual(['delivered', [one.notice], `${one.notice}-${one.contact}`])
  })

  test('is not sent twice, nor by message where there is no gateway, nor marked where the number takes none', async () => {
    expect(await carry(undefined)).toEqual({ outcome: 'over', mails: [], messages: [], marked: [] })
    expect(await carry({ channel: 'sms' }, { gateway: false })).toMatchObject({ outcome: 'over', marked: [] })
    expect(await carry({ channel: 'sms' }, { answer: 'refused' })).toMatchObject({ outcome: 'over', marked: [] })
  })
})
