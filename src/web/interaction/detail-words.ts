import { documentName, type Detail } from '#domain/consent/details.ts'
import type { KnownClients } from '#oidc/client/known.ts'
import { formatAmount, formatBirthDate } from '#web/i18n/format.ts'
import { textsOf, type Language } from '#web/i18n/language.ts'
import type { ConfirmedDetail } from '#web/views/consent.ts'

/** Who runs the APIs that details name as their place. */
export type PlacesReader = { clients: Pick<KnownClients, 'findServer'> }

/** What is to be confirmed, one by one; a place is named by the body that runs it. */
export function allInDetail({ clients }: PlacesReader, details: readonly Detail[], language: Language): Promise<readonly ConfirmedDetail[]> {
  return Promise.all(details.map(async (detail) => {
    const servers = await Promise.all((detail.locations ?? []).map(async (place) => (await clients.findServer(place))?.own.legal_name[language] ?? place))
    return inDetail(detail, language, [...new Set(servers)])
  }))
}

/** One of them, as the person reads it (RFC 9396 §2; WYSIWYS: what is shown is what is signed for), with the names of its places. */
export function inDetail(detail: Detail, language: Language, places: readonly string[] = []): ConfirmedDetail {
  const t = textsOf(language).details
  const at = places.length === 0 ? [] : [{ label: t.at, value: places.join(', ') }]
  const row = (label: string, value: string | undefined) => (value === undefined ? [] : [{ label, value }])
  if (detail.type === 'vn_payment_confirmation') {
    const { instructedAmount: { amount, currency }, creditorName, creditorAccount: { number, bank } } = detail
    return {
      title: t.payment,
      rows: [
        ...row(t.amount, formatAmount(amount, currency, language)), ...row(t.to, creditorName),
        ...row(t.account, bank === undefined ? number : `${number} – ${bank}`), ...row(t.message, detail.remittanceInformation), ...at,
      ],
    }
  }
  return {
    title: t.documents,
    rows: [
      ...row(t.papers, inARow(detail.documents.map((kind) => documentName(kind)[language]))),
      ...row(t.until, detail.until === undefined ? t.once : formatBirthDate(detail.until)), ...row(t.purpose, detail.purpose), ...at,
    ],
  }
}

/** `Giấy phép lái xe, giấy khai sinh`: one sentence, one capital. */
function inARow([first = '', ...others]: readonly string[]): string {
  return [first, ...others.map((name) => name.charAt(0).toLocaleLowerCase('vi') + name.slice(1))].join(', ')
}
