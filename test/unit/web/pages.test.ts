import { HtmlValidate } from 'html-validate'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { renderHtml } from '#web/html.ts'
import { textsOf } from '#web/i18n/language.ts'
import { consentPage } from '#web/views/consent.ts'
import { readBirthDate } from '#web/views/date-field.ts'
import { signOutPage } from '#web/views/sign-out.ts'
import { signInPage } from '#web/views/sign-in.ts'
import { renderedSamples, requestOptions, samples, sampleView } from '#test/support/pages.ts'

const validator = new HtmlValidate({
  extends: ['html-validate:recommended', 'html-validate:a11y'],
  rules: {
    'no-inline-style': 'error',
    'form-dup-name': ['error', { shared: ['radio', 'checkbox', 'submit', 'button'] }], // boxes of one list
    'long-title': 'off', // legal names are as long as they are
    'require-sri': 'off', // our own origin
    'no-trailing-whitespace': 'off',
    'no-implicit-button-type': 'off', // submit is what is meant
    'tel-non-breaking': 'off',
  },
})

const rendered = renderedSamples()

describe.each(rendered)('$name in $language', ({ text, language }) => {
  test('is valid HTML', async () => {
    const { results } = await validator.validateString(text)
    const faults = results.flatMap(({ messages }) => messages.map(({ ruleId, message, line }) => `${line}: ${ruleId}: ${message}`))
    expect(faults).toEqual([])
  })

  test('has one h1, which is its title, and its language', () => {
    const plain = (markup = '') => markup.replaceAll(/<[^>]+>/g, '')
    const headings = [...text.matchAll(/<h1>(.*?)<\/h1>/gs)].map(([, inner]) => plain(inner))
    expect(headings).toHaveLength(1)
    const { product, errorPrefix } = textsOf(language).frame
    const title = plain(/<title>(.*?)<\/title>/s.exec(text)?.[1]).replace(errorPrefix, '')
    expect(title).toBe(`${headings[0]} – ${product}`)
    expect(text).toContain(`<html lang="${language}">`)
  })

  test('asks nothing of the content security policy: no inline script, handler, style attribute or foreign address', () => {
    expect(text).not.toMatch(/<script(?![^>]*( src="\/| type="application\/json"))/)
    expect(text).not.toMatch(/<[^>]*\s(on\w+|style)=/)
    expect(text).not.toMatch(/(src|<link[^>]*href)="https?:/)
  })

  test('carries the token against forged posts in every form', () => {
    const forms = [...text.matchAll(/<form[^>]*method="post".*?<\/form>/gs)].map(String)
    expect(forms.length).toBeGreaterThan(0)
    for (const form of forms) expect(form).toMatch(/name="(csrf|xsrf)" value="[^"]+"/)
  })

  test('says nothing undefined', () => {
    expect(text).not.toMatch(/undefined|\[object|NaN/)
  })
})

test('samples were seen', () => {
  expect(rendered.length).toBeGreaterThan(60)
})

describe('the consent page', () => {
  const items = [
    { attribute: 'name', label: 'Họ và tên', value: 'TRẦN THỊ LAN', essential: true },
    { attribute: 'email', label: 'Email', value: 'l•••@example.com', essential: false },
  ]
  const props = { service: { name: 'Tổng cục Thuế' }, uid: 'V1StGXR8_Z5jdHi6B-myT' }

  test('ticks nothing in advance and gives both answers the same size', () => {
    const text = renderHtml(consentPage(sampleView('vi'), { ...props, basis: 'consent', groups: [{ basis: 'consent', items }] }))
    expect(text).toContain('name="optional" value="email"')
    expect(text).not.toContain(' checked')
    expect(text).toMatch(/<div class="pair">.*value="allow".*value="deny".*<\/div>/s)
  })

  test('marks what is in Vietnamese on a page in English, and nothing on a Vietnamese one', () => {
    const named = ['TRẦN THỊ LAN', 'Số 1 Lê Lợi'].map((value) => ({ attribute: value, label: 'x', value, essential: true, language: 'vi' as const }))
    const render = (language: 'vi' | 'en') => renderHtml(consentPage(sampleView(language), { ...props, basis: 'consent', groups: [{ basis: 'consent', items: named }] }))
    for (const marked of ['<span lang="vi">TRẦN THỊ LAN</span>', '<span lang="vi">Số 1 Lê Lợi</span>']) {
      expect([render('en').includes(marked), render('vi').includes(marked)]).toEqual([true, false])
    }
  })

  test('puts several facts under one label in lines', () => {
    const several = [{ attribute: 'verification', label: 'Cách danh tính của bạn được xác minh', value: ['Tài khoản mức 1', 'Ngày <xác minh>'], essential: true }]
    const text = renderHtml(consentPage(sampleView('vi'), { ...props, basis: 'consent', groups: [{ basis: 'consent', items: several }] }))
    expect(text).toContain('<dd><span class="fact">Tài khoản mức 1</span> <span class="fact">Ngày &lt;xác minh&gt;</span> </dd>')
  })

  test('under a legal duty informs, and offers nothing to refuse', () => {
    const text = renderHtml(consentPage(sampleView('vi'), { ...props, basis: 'law', groups: [{ basis: 'law', reference: 'Luật Quản lý thuế, Điều 30', items }] }))
    expect(text).toContain('l•••@example.com')
    expect(text).not.toMatch(/value="deny"|name="optional"/)
  })
})

describe('the sign-out page', () => {
  test('ends the session when there is nothing to choose, and offers the choice when there is', () => {
    const make = (count: number) =>
      renderHtml(signOutPage(sampleView('vi'), { action: '/x', xsrf: 'x', service: { name: 'Tổng cục Thuế' }, count }))
    expect(make(1)).toContain('type="hidden" name="logout" value="yes"')
    expect(make(3)).toMatch(/type="radio"[^>]*name="logout" value=""[^>]*checked/)
  })
})

describe('the sign-out page leads back whoever came by mistake', () => {
  const make = (props: Partial<Parameters<typeof signOutPage>[1]>) => renderHtml(signOutPage(sampleView('vi'), { action: '/x', xsrf: 'x', ...props }))

  test('to the service, or to "my e-ID"', () => {
    expect(make({ service: { name: 'Tổng cục Thuế', uri: 'https://thue.example/' } })).toContain('href="https://thue.example/"')
    expect(make({})).toContain('href="/tai-khoan"')
  })

  test('but not where the service has proven whose session it ends', () => {
    expect(make({ proven: true, service: { name: 'Tổng cục Thuế', uri: 'https://thue.example/' } })).not.toContain('https://thue.example/')
  })
})

test('a step-up for a payment asks to confirm it, not to enter the service', () => {
  const [plain, paying] = ['confirm again', 'confirm again, a payment'].map((name) => renderHtml(samples[name]?.(sampleView('vi')) ?? { text: '' }))
  expect(plain).toContain('Xác nhận lại để vào ')
  expect(paying).toContain('Xác nhận lại yêu cầu của ')
  expect(paying).toContain('Chỉ xác nhận nếu chính bạn vừa yêu cầu việc này.')
})

test('what is confirmed for a counter comes before the button, and when it was asked after it', () => {
  const text = renderHtml(samples['request, confirm']?.(sampleView('vi')) ?? { text: '' })
  const order = ['Ngân hàng thương mại (thử)', 'Thông tin được gửi', 'Xác nhận bằng', 'Từ chối', '22/11/2026 20:46'].map((part) => text.indexOf(part))
  expect(order).not.toContain(-1)
  expect(order).toEqual(order.toSorted((a, b) => a - b))
})

test('a service’s name stays text wherever it stands', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), (noise) => {
      const name = `</title><script>alert("${noise}")</script>`
      const text = renderHtml(signInPage(sampleView('vi'), { service: { name }, uid: 'x'.repeat(21), options: requestOptions, canRegister: true }))
      expect(text).not.toContain('<script>')
    }),
    { numRuns: 30 },
  )
})

describe('a birth date in three boxes', () => {
  test.each([
    [{ day: '2', month: '3', year: '1962' }, { date: '1962-03-02' }],
    [{ day: ' 02 ', month: '03', year: '1962' }, { date: '1962-03-02' }],
    [{ day: '', month: '', year: '1962' }, { date: '1962' }],
    [{ day: '29', month: '02', year: '2004' }, { date: '2004-02-29' }],
    [{ day: '29', month: '02', year: '2003' }, { fault: 'dateWrong' }],
    [{ day: '31', month: '4', year: '1962' }, { fault: 'dateWrong' }],
    [{ day: '2', month: '', year: '1962' }, { fault: 'dateWrong' }],
    [{ day: '2', month: '3', year: '62' }, { fault: 'yearShort' }],
    [{ day: '', month: '', year: '' }, { fault: 'dateMissing' }],
  ])('%j is %j', (parts, outcome) => {
    expect(readBirthDate(parts)).toEqual(outcome)
  })
})

test('a self-test leads back to the application that it tries', () => {
  const pages = rendered.filter(({ name }) => name === 'self-test, none yet').map(({ text }) => text.includes('<a href="/nha-phat-trien/thu">'))
  expect(pages).toEqual([true, true])
})
