import { renderHtml, type Html } from '#web/html.ts'
import { languages, textsOf, type Language } from '#web/i18n/language.ts'
import { wordProblem } from '#web/i18n/problem.ts'
import type { View } from '#web/page.ts'
import { requestPlaces } from '#web/place/citizen.ts'
import { accountChoicePage, turnBackPage } from '#web/views/account.ts'
import { accessItems } from '#domain/consent/access.ts'
import type { Detail } from '#domain/consent/details.ts'
import { tellable, verificationOf } from '#domain/consent/verification.ts'
import { inDetail } from '#web/interaction/detail-words.ts'
import { verificationInWords } from '#web/interaction/verification-words.ts'
import { organisationPages } from './organisation-pages.ts'
import { workPages } from './work-pages.ts'
import { forWhomPage, wardsPage } from '#web/views/acting.ts'
import { againPage } from '#web/views/again.ts'
import { accountPage, notSignedInPage, signedOutEverywherePage, signOutEverywherePage } from '#web/views/my-eid.ts'
import { confirmPage, endedPage, matchPage, noPasskeyHerePage, requestsPage, unreachablePage } from '#web/views/approval.ts'
import { deviceCodePage, deviceConfirmPage, deviceEndPage } from '#web/views/device.ts'
import { styleguidePage } from '#web/views/styleguide.ts'
import { consentPage, type ConsentGroup, type ConsentItem } from '#web/views/consent.ts'
import { errorPage } from '#web/views/error.ts'
import { linePage } from '#web/views/line.ts'
import { accessibilityPage, devHomePage, helpPage, privacyPage } from '#web/views/papers.ts'
import { registerDonePage, registerPasskeyPage, registerRefusedPage } from '#web/views/registration-end.ts'
import { registerPassportPage } from '#web/views/registration-passport.ts'
import { registerCodePage, registerContactPage, registerIdentityPage, registerNumberPage } from '#web/views/registration.ts'
import { noPasskeyPage, otherPhonePage, unsupportedPage } from '#web/views/sign-in-elsewhere.ts'
import { referenceOf } from '#domain/notice/reference.ts'
import { whatHappened } from '#web/holder-notices.ts'
import { recoverDonePage } from '#web/views/recovery.ts'
import { cancelRecoveryPage, recoveryCancelledPage } from '#web/views/cancel-recovery.ts'
import { lostPage, lostReportedPage } from '#web/views/lost.ts'
import { noticesPage, type ToldShown } from '#web/views/notices.ts'
import { accountLockedPage, lockAccountPage, objectPage, unlockPage } from '#web/views/own-lock.ts'
import { recoverWaitsPage } from '#web/views/recovery.ts'
import { passkeyPage, passkeyRemovedPage, removePasskeyPage, type KeyShown } from '#web/views/own-passkey.ts'
import { keyAddedPage, keyInOfficePage, keysFullPage, newKeyPage } from '#web/views/security-key.ts'
import { signInPage } from '#web/views/sign-in.ts'
import { signedOutPage, signOutPage } from '#web/views/sign-out.ts'
import { transparencyPage, type ShownChange } from '#web/views/transparency.ts'
import { aPerson } from './made-up.ts'

/** Every tone and stacked mark: what must never be clipped. */
export const everyTone = 'Nguyễn Thị Ngọc Huyền – Đỗ Ưng Hoàng Ỷ, Ặ Ễ Ỗ Ữ ị ọ ụ ₫'

const payment: Detail = {
  type: 'vn_payment_confirmation', instructedAmount: { currency: 'VND', amount: '50000000' }, creditorName: everyTone.slice(0, 40).trim(),
  creditorAccount: { number: '0123456789', bank: 'Ngân hàng Thử' }, remittanceInformation: 'Tiền học kỳ 1',
}
const papers: Detail = { type: 'vn_document_access', actions: ['read'], documents: ['driving-licence', 'birth-certificate'], until: '2026-12-31', purpose: 'Mở hồ sơ vay' }

/** What a service may do, as the consent page shows it. */
function accessGroup(language: Language): ConsentGroup {
  const asked = accessItems([{
    server: { identifier: 'https://api.example', scopes: [{ name: 'files', label: { vi: 'Xem hồ sơ của bạn', en: 'Read your files' } }], access_token: 'opaque', access_token_signing_alg: 'ES256', access_token_seconds: 300 },
    legalName: { vi: 'Kho lưu trữ quốc gia (thử)', en: 'National Archive (test)' },
  }], new Set(['files', 'offline_access']))
  const items = asked.map(({ attribute }) => ({ attribute: attribute.id, label: attribute.label[language], value: attribute.shownAs?.[language] ?? '', essential: true, access: true }))
  return { basis: 'consent', items }
}

const service = { name: 'Cổng dịch vụ công (thử)', language: 'vi', uri: 'https://dvc.example/' } as const
const uid = 'V1StGXR8_Z5jdHi6B-myT'
const at = { service, uid }
const who = { name: everyTone, number: '079•••••1234' }

const request = { id: 'a'.repeat(32), service, organisation: 'Ngân hàng thương mại (thử)', sentAt: '22/11/2026 20:41', endsAt: '22/11/2026 20:46' }
/** What the longest list of notices is made of. */
const toldIn = (language: Language): readonly ToldShown[] => [
  { what: whatHappened({ of: 'recovered', heldUntil: '2026-11-25T13:41:00Z' }, language), at: '22/11/2026 20:41', reference: referenceOf(new Uint8Array([1, 2, 3, 4, 5])), deliveries: [{ channel: 'email', sentAt: '22/11/2026 20:41' }, { channel: 'sms' }] },
  { what: whatHappened({ of: 'account-locked', ground: 'competent-body' }, language), at: '21/11/2026 08:00', reference: referenceOf(new Uint8Array([9, 8, 7, 6, 5])), deliveries: [] },
]
const ward = { person: 'a', name: 'Phạm Minh Anh', number: '079•••••0003', tie: 'parent' } as const
const aKey: KeyShown = { handle: 'x'.repeat(22), kind: 'synced', added: '22/11/2026' }
const namedKey: KeyShown = { ...aKey, name: 'Google Password Manager', used: '22/11/2026 20:41' }
const accepted = { rpId: 'dinhdanh.example', userId: 'eA', allAcceptedCredentialIds: ['eA'] }
const deviceForm = { action: '/thiet-bi', xsrf: 'x' }

export const requestOptions = {
  challenge: 'dGhpcyBpcyBhIGNoYWxsZW5nZSBvZiB0aGlydHkgdHdvLi4',
  rpId: 'localhost',
  timeout: 180_000,
  userVerification: 'required',
  allowCredentials: [],
} satisfies PublicKeyCredentialRequestOptionsJSON

export const creationOptions = {
  rp: { id: 'localhost', name: 'Định danh điện tử' },
  user: { id: 'AAECAwQFBgcICQoLDA0ODw', name: '079•••••1234', displayName: everyTone },
  challenge: requestOptions.challenge,
  pubKeyCredParams: [-8, -7, -257].map((alg) => ({ type: 'public-key', alg })),
  authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  excludeCredentials: [],
  attestation: 'none',
} satisfies PublicKeyCredentialCreationOptionsJSON

/** As long as it gets: an account that was checked at a desk too. */
const verified = verificationOf({
  person: aPerson(), contacts: [], level: 2, openedAt: new Date('2026-11-22T05:06:07Z'), today: '2026-11-23',
  inPerson: { at: new Date('2026-11-23T04:00:00Z'), kinds: ['card-seen', 'face-compared', 'chip-verified', 'passkey'] },
}, { numbers: false })

function consentItems(language: Language): readonly ConsentItem[] {
  const say = (vi: string, en: string) => (language === 'vi' ? vi : en)
  return [
    { attribute: 'name', label: say('Họ và tên', 'Full name'), value: everyTone, essential: true },
    { attribute: 'vn_personal_id', label: say('Số định danh', 'Personal number'), value: '079•••••1234', essential: true },
    { attribute: 'birthdate', label: say('Ngày sinh', 'Date of birth'), value: '02/03/1962', essential: true },
    {
      attribute: 'verification', label: say('Cách danh tính của bạn được xác minh', 'How your identity was verified'), essential: true,
      value: verificationInWords({ verification: verified, extent: tellable, language }),
    },
    { attribute: 'email', label: 'Email', value: 'l•••@example.com', essential: false },
    { attribute: 'ethnicity', label: say('Dân tộc', 'Ethnicity'), value: 'Ê Đê', essential: false, sensitive: true },
  ]
}

/** A legal duty, and beside it something that is asked for. */
function consentGroups(language: Language): readonly ConsentGroup[] {
  const say = (vi: string, en: string) => (language === 'vi' ? vi : en)
  const items = consentItems(language)
  return [
    {
      basis: 'law',
      items: items.filter(({ essential }) => essential),
      purpose: say('Nộp tờ khai thuế', 'File a tax return'),
      reference: say('Luật Quản lý thuế, Điều 30', 'Law on Tax Administration, Article 30'),
    },
    {
      basis: 'consent',
      items: items.filter(({ essential }) => !essential),
      purpose: say('Báo cho bạn khi có kết quả', 'Tell you when there is a result'),
      lasts: say('tối đa 12 tháng', 'for up to 12 months'),
    },
  ]
}

function wrong(view: View, code: Parameters<typeof wordProblem>[0], detail: Parameters<typeof wordProblem>[1] = {}): Html {
  const { title, sentence, todo } = wordProblem(code, detail, view.language)
  return errorPage(view, { title, sentence, whatToDo: todo, reference: '7F3K-29QD' })
}

const logHead = { size: 1240, root: '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328', key: 'dinhdanh.example/minh-bach/log+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW' }

function changesOf(language: Language): readonly ShownChange[] {
  const { kinds, roles } = textsOf(language).transparency
  return [
    { seq: 1201, at: '22/11/2026 20:41', what: kinds['client.changed'], whose: everyTone, subject: 'dvc', by: roles.operator },
    { seq: 1200, at: '22/11/2026 20:40', what: kinds['key.activated'], whose: 'b'.repeat(43), subject: 'b'.repeat(43), by: roles.server },
  ]
}

/** Every page in every state that looks different, by name. */
export const samples: Readonly<Record<string, (view: View) => Html>> = {
  'sign-in': (view) => signInPage(view, { ...at, options: requestOptions, canRegister: true }),
  'sign-in, in the sandbox': (view) => signInPage({ ...view, trying: true }, { ...at, options: requestOptions, canRegister: true }),
  'sign-in cancelled': (view) =>
    signInPage(view, { ...at, options: requestOptions, canRegister: true, note: { is: 'cancelled' } }),
  'sign-in removed key': (view) =>
    signInPage(view, {
      ...at,
      options: requestOptions,
      canRegister: false,
      note: { is: 'removed', on: '22/11/2026' },
      unknown: { rpId: 'localhost', credentialId: 'AAAA' },
    }),
  'sign-in narrowed': (view) =>
    signInPage(view, { ...at, options: requestOptions, canRegister: true, number: '079 203 001 234', narrowed: true }),
  'sign-in wrong number': (view) =>
    signInPage(view, { ...at, options: requestOptions, canRegister: true, number: '0792', numberError: 'format' }),
  'sign-in with a hint': (view) => signInPage(view, { ...at, options: requestOptions, canRegister: true, number: '079 203 001 234' }),
  'sign-in, hardware key': (view) => signInPage(view, { ...at, options: requestOptions, canRegister: true, hardwareKey: true }),
  'which account': (view) => accountChoicePage(view, { ...at, who }),
  'confirm again': (view) => againPage(view, { ...at, who, hardwareKey: false, options: requestOptions }),
  'confirm again, a payment': (view) =>
    againPage(view, { ...at, who, hardwareKey: false, options: requestOptions, details: [inDetail(payment, view.language)] }),
  'consent to nothing': (view) => consentPage(view, { ...at, basis: 'consent', groups: [] }),
  'confirm again, other key': (view) => againPage(view, { ...at, who, hardwareKey: false, options: requestOptions, note: { is: 'other' } }),
  'confirm again, hardware key': (view) => againPage(view, { ...at, who, hardwareKey: true, options: requestOptions }),
  'turned back, account level': (view) => turnBackPage(view, { ...at, who, missing: 'account-level', office: 'commune' }),
  'turned back, account level of a foreigner': (view) => turnBackPage(view, { ...at, who, missing: 'account-level', office: 'immigration' }),
  'turned back, acts for no organisation': (view) => turnBackPage(view, { ...at, who, missing: 'organisation', office: 'commune' }),
  'turned back, acts for another organisation': (view) => turnBackPage(view, { ...at, who, missing: 'named-organisation', office: 'commune' }),
  'turned back, hardware key': (view) => turnBackPage(view, { ...at, who, missing: 'hardware-key', office: 'commune' }),
  'no passkey': (view) => noPasskeyPage(view, { ...at, canRegister: true }),
  'other phone': (view) => otherPhonePage(view, { ...at, options: requestOptions }),
  unsupported: (view) => unsupportedPage(view, at),
  'register number': (view) => registerNumberPage(view, at),
  'register number wrong': (view) => registerNumberPage(view, { ...at, value: '079 203', error: 'format' }),
  'register passport': (view) => registerPassportPage(view, at),
  'register passport wrong': (view) => registerPassportPage(view, { ...at, values: { passport: 'M1', country: '' }, errors: { passport: 'format', country: 'missing' } }),
  'register identity of a foreigner': (view) => registerIdentityPage(view, { ...at, foreign: true, errors: { name: 'nameLatin' } }),
  'register refused foreigner': (view) => registerRefusedPage(view, { ...at, foreign: true }),
  'register done foreigner': (view) => registerDonePage(view, { ...at, foreign: true }),
  'register identity': (view) => registerIdentityPage(view, at),
  'register identity wrong': (view) =>
    registerIdentityPage(view, {
      ...at,
      values: { name: '', day: '31', month: '02', year: '1962' },
      errors: { name: 'nameMissing', birthDate: 'dateWrong' },
    }),
  'register contact': (view) => registerContactPage(view, at),
  'register contact wrong': (view) => registerContactPage(view, { ...at, value: 'ten.ban', error: 'format' }),
  'register code': (view) => registerCodePage(view, { ...at, address: 'l•••@example.com', rules: { digits: 6, minutes: 30 }, resendIn: 24, resent: true }),
  'register code wrong': (view) =>
    registerCodePage(view, { ...at, address: 'l•••@example.com', rules: { digits: 6, minutes: 30 }, resendIn: 0, error: { is: 'wrong', left: 3 } }),
  'register passkey': (view) => registerPasskeyPage(view, { ...at, options: creationOptions }),
  'register passkey cancelled': (view) => registerPasskeyPage(view, { ...at, options: creationOptions, note: 'cancelled' }),
  'register refused': (view) => registerRefusedPage(view, at),
  'register done': (view) => registerDonePage(view, at),
  consent: (view) => consentPage(view, { ...at, basis: 'consent', groups: consentGroups(view.language) }),
  'consent in detail': (view) => consentPage(view, { ...at, basis: 'consent', groups: [], details: [inDetail(payment, view.language, [everyTone]), inDetail(papers, view.language)] }),
  'consent to use an API': (view) => consentPage(view, { ...at, basis: 'consent', groups: [accessGroup(view.language)] }),
  'consent by law': (view) =>
    consentPage(view, { ...at, basis: 'law', groups: consentGroups(view.language).slice(0, 1) }),
  'sign-out of several': (view) => signOutPage(view, { action: '/session/end/confirm', xsrf: 'x', service, count: 3 }),
  'sign-out': (view) => signOutPage(view, { action: '/session/end/confirm', xsrf: 'x' }),
  'signed out': (view) => signedOutPage(view, { service, back: 'https://dvc.example/' }),
  'error locked': (view) => wrong(view, 'account.locked', { since: '2026-11-22T13:41:00Z' }),
  'error expired': (view) => wrong(view, 'interaction.expired'),
  'error too many': (view) => wrong(view, 'limit.exceeded', { retryAfter: 840 }),
  'error crowded': (view) => wrong(view, 'service.crowded', { retryAfter: 7 }),
  'the line': (view) => linePage({ ...view, here: '/authorize?client_id=dvc' }, { position: 1240, wait: 118, again: 30 }),
  'the line, at its front': (view) => linePage({ ...view, here: '/authorize?client_id=dvc' }, { position: 1, wait: 1, again: 4 }),
  'error technical': (view) =>
    errorPage(view, {
      ...wordProblem('request.malformed', { host: 'dvc.example' }, view.language),
      whatToDo: wordProblem('request.malformed', {}, view.language).todo,
      reference: '7F3K-29QD',
      back: { href: '/interaction/x', label: textsOf(view.language).frame.toSignIn },
      technical: 'invalid_request: redirect_uri did not match any of the client’s registered redirect_uris',
    }),
  'my e-ID': (view) => accountPage(view, { name: everyTone, number: '079•••••1234', level: 1, lastSignIn: '22/11/2026 20:41', waiting: 0, keys: [aKey], accepted }),
  'my e-ID with requests': (view) => accountPage(view, { name: everyTone, number: '079•••••1234', level: 2, lastSignIn: '22/11/2026 20:41', waiting: 2, keys: [namedKey, { ...aKey, kind: 'hardware' }, { ...aKey, kind: 'device' }], accepted }),
  'a passkey': (view) => passkeyPage(view, namedKey),
  'a passkey, named too long': (view) => passkeyPage(view, aKey, { typed: 'x'.repeat(60) }),
  'remove a passkey': (view) => removePasskeyPage(view, namedKey, { last: false }),
  'remove the last passkey': (view) => removePasskeyPage(view, aKey, { last: true }),
  'passkey removed': passkeyRemovedPage,
  'new passkey': (view) => newKeyPage(view, { kind: 'own-passkey', place: '/tai-khoan/khoa-moi', options: creationOptions }),
  'my e-ID, held': (view) => accountPage(view, { name: everyTone, number: '079•••••1234', level: 1, lastSignIn: '22/11/2026 20:41', waiting: 0, held: '25/11/2026 20:41', keys: [aKey], accepted }),
  'notices, none': (view) => noticesPage(view, { told: [] }),
  notices: (view) => noticesPage(view, { told: toldIn(view.language), language: 'vi' }),
  'notices, one of ours': (view) => noticesPage(view, { told: toldIn(view.language), checked: { is: 'ours', typed: '012-345-674' } }),
  'notices, not ours': (view) => noticesPage(view, { told: toldIn(view.language), checked: { is: 'notOurs', typed: '012-345-674' } }),
  'notices, mistyped': (view) => noticesPage(view, { told: toldIn(view.language), checked: { is: 'slip', typed: '012' } }),
  'notices, language saved': (view) => noticesPage(view, { told: [], saved: true }),
  recovered: (view) => recoverDonePage(view, { ...at, reader: 'either', hours: 72 }),
  'cancel the recovery': cancelRecoveryPage,
  'recovery cancelled': recoveryCancelledPage,
  'lost device': (view) => lostPage(view),
  'lost device, nothing right': (view) => lostPage(view, { number: '12', parts: { day: '31', month: '2', year: '1990' }, faults: { number: 'format', birthDate: 'dateWrong', shown: 'format' } }),
  'lost device, reported': lostReportedPage,
  'lock the account': (view) => lockAccountPage(view, 'either'),
  'for whom': (view) => forWhomPage(view, { ...at, self: everyTone, selfFirst: true, choices: [{ value: 'a', name: 'Phạm Minh Anh', as: 'con dưới 14 tuổi' }, { value: 'b', name: everyTone, as: 'người được giám hộ' }] }),
  ...organisationPages,
  ...workPages,
  'people one represents': (view) => wardsPage(view, { reader: 'either', wards: [
    { ...ward, account: { level: 1 } }, { ...ward, person: 'b', name: everyTone, account: 'none' }, { ...ward, person: 'c', tie: 'guardian', account: 'cannot' },
  ] }),
  'nobody one represents': (view) => wardsPage(view, { reader: 'immigration', wards: [] }),
  'consent for a child': (view) => consentPage(view, { ...at, basis: 'consent', groups: consentGroups(view.language), inNameOf: 'Phạm Minh Anh' }),
  'consent in the name of an organisation': (view) => consentPage(view, { ...at, basis: 'consent', groups: consentGroups(view.language), organisation: 'Công ty TNHH Thương mại Bình Minh' }),
  'a request for a child': (view) => requestsPage(view, [{ ...request, inNameOf: 'Phạm Minh Anh' }]),
  'account locked': accountLockedPage,
  'unlock the account': (view) => unlockPage(view, { service, uid, reader: 'either', since: '22/11/2026' }),
  'object to a recovery': (view) => objectPage(view, { service, uid, reader: 'either' }),
  'recovery, which waits': (view) => recoverWaitsPage(view, { service, uid, reader: 'either', opensAt: '09:30 25/11/2026', alone: true }),
  'not signed in': notSignedInPage,
  'sign-out everywhere': signOutEverywherePage,
  'signed out everywhere': signedOutEverywherePage,
  'no requests': (view) => requestsPage(view, []),
  requests: (view) => requestsPage(view, [request, { ...request, id: 'b'.repeat(32), service: { name: everyTone } }]),
  'request, which code': (view) => matchPage(view, request, ['K7-31', 'M0-86', 'B2-93']),
  'request, confirm': (view) => confirmPage(view, request, { code: '47', groups: consentGroups(view.language), details: [], options: requestOptions }),
  'request, in whose name': (view) => confirmPage(view, request, {
    code: '47', groups: consentGroups(view.language), details: [], options: requestOptions,
    names: { self: everyTone, selfFirst: false, choices: [{ value: 'a', name: 'Công ty TNHH Thương mại Dịch vụ Bình Minh', as: textsOf(view.language).organisation.byLaw, code: '0101234567' }] },
  }),
  'request, confirm only': (view) =>
    confirmPage(view, request, { code: '47', groups: [], details: [], options: requestOptions, note: { is: 'expired' } }),
  'request, level too low': (view) => unreachablePage(view, request, { missing: 'account-level', reader: 'either' }),
  'request, acts for no organisation': (view) => unreachablePage(view, request, { missing: 'organisation', reader: 'either' }),
  'request, hardware key': (view) => unreachablePage(view, request, { missing: 'hardware-key', reader: 'either' }),
  'request approved': (view) => endedPage(view, 'approved'),
  'request declined': (view) => endedPage(view, 'declined'),
  'request mismatched': (view) => endedPage(view, 'mismatched'),
  'request failed': (view) => endedPage(view, 'failed'),
  'request answered elsewhere': (view) => endedPage(view, 'answering'),
  'new security key': (view) => newKeyPage(view, { kind: 'security-key', place: '/tai-khoan/khoa-bao-mat', options: { ...creationOptions, attestation: 'direct' } }),
  'new security key, known already': (view) => newKeyPage(view, { kind: 'security-key', place: '/tai-khoan/khoa-bao-mat', options: creationOptions, note: 'exists' }),
  'security key added': (view) => keyAddedPage(view, 'hardware'),
  'security key added, as any other': (view) => keyAddedPage(view, 'any'),
  'as many keys as may be': (view) => keysFullPage(view, 10),
  'keys of an office': keyInOfficePage,
  'request without passkeys': (view) => noPasskeyHerePage(view, requestPlaces(request.id).start),
  'device code': (view) => deviceCodePage(view, deviceForm),
  'device code wrong': (view) => deviceCodePage(view, { ...deviceForm, code: 'BCDF-GHJK', fault: 'unknown' }),
  'device confirm': (view) =>
    deviceConfirmPage(view, { ...deviceForm, service, organisation: everyTone, code: 'WDJB-MJHT', askedAt: '22/11/2026 20:41' }),
  'device done': (view) => deviceEndPage(view, 'done'),
  'device refused': (view) => deviceEndPage(view, 'refused'),
  help: helpPage,
  privacy: privacyPage,
  accessibility: accessibilityPage,
  'development home': (view) => devHomePage(view, { portal: 'http://localhost:3001' }),
  'transparency log': (view) => transparencyPage(view, { head: logHead, isNewest: false, older: 1150, changes: changesOf(view.language) }),
  'transparency log, empty': (view) => transparencyPage(view, { head: { ...logHead, size: 0 }, isNewest: true, older: undefined, changes: [] }),
  styleguide: styleguidePage,
}

export function sampleView(language: Language, here = '/'): View {
  return { language, csrf: 'c5rf-t0ken', here }
}

/** Every sample in both languages, rendered. */
export function renderedSamples(): readonly { name: string; language: Language; text: string }[] {
  return Object.entries(samples).flatMap(([name, make]) =>
    languages.map((language) => ({ name, language, text: renderHtml(make(sampleView(language))) })),
  )
}
