import { html, type Html, type Part } from '#web/html.ts'
import type { Language } from '#web/i18n/language.ts'
import { page, type View } from '#web/page.ts'
import { birthDateField } from './date-field.ts'
import { checkboxList, codeField, errorSummary, field, radioList } from './field.ts'
import { palette } from './palette.ts'
import {
  bullets, button, details, levelBadge, linkButton, notice, progress, servicePlate, summaryList, table, type NoticeKind,
} from './parts.ts'

const tones = 'Nguyễn Thị Ngọc Huyền – Đỗ Ưng Hoàng Ỷ, Ặ Ễ Ỗ Ữ ị ọ ụ ₫'

const words = {
  vi: {
    title: 'Bộ giao diện',
    lead: 'Mọi thành phần của các trang, ở mọi trạng thái. Đổi ngôn ngữ ở đầu trang; nền tối theo cài đặt của máy.',
    type: 'Chữ', colours: 'Màu', buttons: 'Nút', fields: 'Ô nhập', choices: 'Lựa chọn', notices: 'Thông báo',
    progress: 'Tiến trình',
    lists: 'Danh sách', table: 'Bảng, thành thẻ trên điện thoại', badges: 'Mức tài khoản', details: 'Chi tiết', plate: 'Dịch vụ',
    act: 'Tiếp tục', danger: 'Xóa khóa này', link: 'Quay lại', waits: 'Gửi lại mã', name: 'Họ và tên',
    hint: 'Như trên thẻ căn cước.',
    missing: 'Hãy nhập họ và tên.', code: 'Mã 6 số', wrong: 'Mã chưa đúng. Bạn còn 3 lần thử.',
    date: 'Ngày sinh này không có trong lịch.',
    legend: 'Gửi thêm', ways: 'Bạn còn gì?', device: 'Một thiết bị khác', none: 'Không còn gì',
    said: 'Đây là nội dung thông báo.',
    head: ['Thiết bị', 'Lần dùng gần nhất', 'Nơi'], more: 'Chi tiết kỹ thuật', phone: 'Điện thoại Android', place: 'Cà Mau',
  },
  en: {
    title: 'Design system',
    lead: 'Every part of the pages, in every state. Change the language above; dark follows the setting of your device.',
    type: 'Type', colours: 'Colours', buttons: 'Buttons', fields: 'Fields', choices: 'Choices', notices: 'Notices',
    progress: 'Progress',
    lists: 'Lists', table: 'Table, cards on a phone', badges: 'Account level', details: 'Details', plate: 'Service',
    act: 'Continue', danger: 'Remove this passkey', link: 'Back', waits: 'Send a new code', name: 'Full name',
    hint: 'As on your card.',
    missing: 'Enter your full name.', code: '6-digit code', wrong: 'The code is not right. Tries left: 3.',
    date: 'This date is not in the calendar.',
    legend: 'Send as well', ways: 'What do you still have?', device: 'Another device', none: 'Nothing',
    said: 'This is the text of the notice.',
    head: ['Device', 'Last used', 'Place'], more: 'Technical details', phone: 'Android phone', place: 'Cà Mau',
  },
} satisfies Record<Language, Record<string, string | readonly string[]>>

type Words = (typeof words)[Language]

function section(title: string, ...parts: readonly Part[]): Html {
  return html`<section><h2>${title}</h2>${parts}</section>`
}

function buttons(w: Words): Html {
  return section(
    w.buttons,
    html`<div class="pair">${button(w.act)}${button(w.act, { look: 'secondary' })}${button(w.danger, { look: 'danger' })}${
      button(w.waits, { look: 'secondary', disabled: true })
    }${linkButton(w.act, '#main')}${button(w.link, { look: 'link' })}</div>`,
  )
}

function fields(w: Words, language: Language): Html {
  return section(
    w.fields,
    errorSummary([{ field: 'g-wrong', message: w.missing }, { field: 'g-dateDay', message: w.date }], language),
    field({ name: 'g-empty', label: w.name, hint: w.hint, language }),
    field({ name: 'g-filled', label: w.name, value: tones, language }),
    field({ name: 'g-wrong', label: w.name, hint: w.hint, error: w.missing, language }),
    field({
      name: 'g-number', label: 'Số định danh cá nhân', value: '079 203 001 234', look: 'number', inputmode: 'numeric', language,
    }),
    codeField({ name: 'g-code', label: w.code, value: '482 177', language }),
    codeField({ name: 'g-code-wrong', label: w.code, value: '000 000', error: w.wrong, language }),
    birthDateField({ language, prefix: 'g-empty-date' }),
    birthDateField({ language, prefix: 'g-date', value: { day: '31', month: '02', year: '1962' }, error: w.date }),
  )
}

function choices(w: Words): Html {
  return section(
    w.choices,
    checkboxList('g-optional', w.legend, [
      { value: 'email', label: 'Email', hint: 'l•••@example.com' },
      { value: 'phone', label: '+84 … 123', checked: true },
    ]),
    radioList('g-way', w.ways, [
      { value: 'device', label: w.device, checked: true },
      { value: 'none', label: w.none },
    ]),
  )
}

function lists(w: Words): Html {
  return section(
    w.lists,
    summaryList([{ label: w.name, value: tones }, { label: w.code, value: '482 177' }]),
    bullets([w.act, w.link]),
    bullets([w.act, w.link], 'yes'),
    bullets([w.act, w.link], 'steps'),
  )
}

function colours(w: Words): Html {
  const swatch = (name: string) =>
    html`<li><svg viewBox="0 0 48 32" width="48" height="32" aria-hidden="true">
<rect fill="var(--${name})" width="48" height="32" rx="6"/></svg> ${name}</li>`
  return section(w.colours, html`<ul class="list">${Object.keys(palette).map(swatch)}</ul>`)
}

const rowsOf = (w: Words) => [[w.phone, '22/11/2026 20:41', w.place], [tones, '01/02/2026 08:12', 'TP. Hồ Chí Minh']]

/** `/styleguide`, in development: every component in every state, in the language of the page. */
export function styleguidePage(view: View): Html {
  const { language } = view
  const w = words[language]
  const kinds: readonly NoticeKind[] = ['info', 'success', 'warning', 'error']
  return page(view, {
    title: w.title,
    wide: true,
    body: html`<h1>${w.title}</h1><p class="lead">${w.lead}</p>
${section(w.type, html`<p><strong>${tones}</strong></p><p>${tones}</p><p class="hint">${tones}</p><p class="mono">7F3K-29QD</p>`)}
${colours(w)}${buttons(w)}${fields(w, language)}${choices(w)}
${section(w.notices, ...kinds.map((kind) => notice(kind, w.said, language)))}
${section(w.progress, ...[1, 2, 3, 4].map((step) => progress(step, 4, language)))}
${section(w.badges, html`<p>${levelBadge(1, language)} ${levelBadge(2, language)}</p>`)}
${lists(w)}
${section(w.table, table(w.table, w.head, rowsOf(w)))}
${section(w.plate, servicePlate({ name: 'Tổng cục Thuế' }))}
${section(w.details, details(w.more, html`<p class="mono">invalid_request</p>`))}`,
  })
}
