import { documentName, type Detail } from '#domain/consent/details.ts'
import { formatAmount, formatBirthDate } from '#web/i18n/format.ts'
import { textsOf, type Language } from '#web/i18n/language.ts'
import type { ConfirmedDetail } from '#web/views/consent.ts'

/** What is to be confirmed, as the person reads it (RFC 9396 §2; WYSIWYS: what is shown is what is signed for). */
export function inDetail(detail: Detail, language: Language): ConfirmedDetail {
  const t = textsOf(language).details
  const row = (label: string, value: string | undefined) => (value === undefined ? [] : [{ label, value }])
  if (detail.type === 'vn_payment_confirmation') {
    const { instructedAmount: { amount, currency }, creditorName, creditorAccount: { number, bank } } = detail
    return {
      title: t.payment,
      rows: [
        ...row(t.amount, formatAmount(amount, currency, language)), ...row(t.to, creditorName),
        ...row(t.account, bank === undefined ? number : `${number} – ${bank}`), ...row(t.message, detail.remittanceInformation),
      ],
    }
  }
  return {
    title: t.documents,
    rows: [
      ...row(t.papers, detail.documents.map((kind) => documentName(kind)[language]).join(', ')),
      ...row(t.until, detail.until === undefined ? t.once : formatBirthDate(detail.until)), ...row(t.purpose, detail.purpose),
    ],
  }
}
