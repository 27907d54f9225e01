import { interactionRoot } from '#oidc/routes.ts'

/** Where pages that belong to no interaction live. Routes and links read the same table. */
export const places = {
  home: '/',
  help: '/tro-giup',
  privacy: '/quyen-rieng-tu',
  accessibility: '/tro-nang',
  language: '/language',
  account: '/tai-khoan',
  entered: '/tai-khoan/tro-ve',
  requests: '/tai-khoan/yeu-cau',
  newPasskey: '/tai-khoan/khoa-moi',
  passkeyRemoved: '/tai-khoan/khoa-da-xoa',
  securityKey: '/tai-khoan/khoa-bao-mat',
  keyAdded: '/tai-khoan/khoa-bao-mat/da-them',
  hardwareKeyAdded: '/tai-khoan/khoa-bao-mat/da-them-phan-cung',
  history: '/tai-khoan/lich-su',
  wards: '/tai-khoan/nguoi-dai-dien',
  organisations: '/tai-khoan/to-chuc',
  mandates: '/tai-khoan/uy-quyen',
  recoveryCodes: '/tai-khoan/ma-khoi-phuc',
  notices: '/tai-khoan/thong-bao',
  checkNotice: '/tai-khoan/thong-bao/kiem-tra',
  noticeLanguage: '/tai-khoan/thong-bao/ngon-ngu',
  contacts: '/tai-khoan/lien-he',
  contactCode: '/tai-khoan/lien-he/ma',
  cancelRecovery: '/tai-khoan/huy-khoi-phuc',
  recoveryCancelled: '/tai-khoan/da-huy-khoi-phuc',
  lost: '/mat-thiet-bi',
  lostReported: '/mat-thiet-bi/da-nhan',
  lockAccount: '/tai-khoan/khoa-tai-khoan',
  accountLocked: '/tai-khoan/da-khoa',
  signOutEverywhere: '/tai-khoan/dang-xuat-moi-noi',
  signedOutEverywhere: '/tai-khoan/da-dang-xuat',
  transparency: '/minh-bach',
  console: '/quan-tri',
  confirmed: '/quan-tri/da-xac-nhan',
  search: '/quan-tri/tim',
  approvals: '/quan-tri/phe-duyet',
  clients: '/quan-tri/ung-dung',
  registerClient: '/quan-tri/dang-ky-ung-dung',
  roles: '/quan-tri/vai-tro',
  roleMatrix: '/quan-tri/vai-tro/bang',
  proposeRole: '/quan-tri/vai-tro/de-xuat',
  officers: '/quan-tri/can-bo',
  manyRoles: '/quan-tri/can-bo/nhieu',
  audit: '/quan-tri/nhat-ky',
  auditDownload: '/quan-tri/nhat-ky/tai-ve',
  auditLookUp: '/quan-tri/nhat-ky/tra-cuu',
  desk: '/quan-tri/quay',
  organisationFiles: '/quan-tri/to-chuc',
  level2: '/m2',
  level2Answer: '/m2/xac-nhan',
  level2Deny: '/m2/khong-dung',
  developers: '/nha-phat-trien',
  status: '/tinh-trang',
  statusData: '/tinh-trang.json',
  statistics: '/quan-tri/thong-ke',
  statisticsFile: '/quan-tri/thong-ke/tep',
  keys: '/quan-tri/khoa',
  breakGlass: '/quan-tri/khan-cap',
  banners: '/quan-tri/thong-bao',
  addBanner: '/quan-tri/thong-bao/moi',
  trialAnswer: '/nha-phat-trien/tro-ve',
  initialToken: '/nha-phat-trien/ma-dang-ky',
  connections: '/nha-phat-trien/ket-noi',
  reviews: '/quan-tri/ket-noi',
  styleguide: '/styleguide',
  icon: '/favicon.svg',
} as const

/** Where programs of developers register themselves: at the sandbox, and nowhere at the live server. */
export const registrationPath = '/register'

/** The API of administrators. */
export const apiRoot = '/api/v1'

/** What its tokens are for (RFC 8707). */
export function apiIdentifier(issuer: string): string {
  return `${issuer}${apiRoot}`
}

/** Where readers of chips say what they have read (docs/chip.md). */
export const readerRoot = '/quay/doc-chip'

export function isReader(path: string): boolean {
  return path.startsWith(`${readerRoot}/`)
}

/** For programs, which are told of problems in JSON. */
export function isApi(path: string): boolean {
  return path.startsWith(`${apiRoot}/`) || isReader(path)
}

const log = `${places.transparency}/log` as const

/** Where programs read the log of changes to clients and keys (docs/transparency.md). */
export const logPlaces = { key: `${log}/key`, checkpoint: `${log}/checkpoint`, entries: `${log}/entries`, proof: `${log}/proof` } as const

/** What the log is called in its signed heads: the address of its files, without a scheme (C2SP tlog-checkpoint, "Note text"). */
export function logOrigin(issuer: string): string {
  return `${new URL(issuer).host}${log}`
}

/** Everything there is under one interaction, which begins at `start`. */
function under<Start extends string>(start: Start) {
  return {
    start,
    passkey: `${start}/passkey`,
    unlock: `${start}/mo-khoa`,
    object: `${start}/huy-khoi-phuc`,
    forWhom: `${start}/thay-cho`,
    narrow: `${start}/narrow`,
    none: `${start}/no-passkey`,
    otherPhone: `${start}/other-phone`,
    cancel: `${start}/cancel`,
    account: `${start}/account`,
    consent: `${start}/consent`,
    register: `${start}/register`,
    foreigner: `${start}/register/foreigner`,
    passport: `${start}/register/passport`,
    identity: `${start}/register/identity`,
    contact: `${start}/register/contact`,
    code: `${start}/register/code`,
    resend: `${start}/register/resend`,
    newPasskey: `${start}/register/passkey`,
    finish: `${start}/register/finish`,
    testPerson: `${start}/nguoi-thu`,
    face: `${start}/khuon-mat`,
    faceDone: `${start}/khuon-mat/xong`,
    recover: `${start}/khoi-phuc`,
    recoverCode: `${start}/khoi-phuc/ma`,
    recoverPasskey: `${start}/khoi-phuc/khoa`,
    recovered: `${start}/khoi-phuc/xong`,
  } as const
}

/** The places of any interaction, as routes name them. */
export const interactionPaths = under(`${interactionRoot}/:uid`)

/** The places of one interaction, as links and forms name them. */
export function interactionPlaces(uid: string) {
  return under(`${interactionRoot}/${encodeURIComponent(uid)}`)
}

/** Everything there is under one request that waits for an answer. */
function underRequest<Start extends string>(start: Start) {
  return { start, code: `${start}/ma-so`, approve: `${start}/dong-y`, refuse: `${start}/tu-choi` } as const
}

/** The places of any such request, as routes name them. */
export const requestPaths = underRequest(`${places.requests}/:id`)

/** The places of one, as links and forms name them. */
export function requestPlaces(id: string) {
  return underRequest(`${places.requests}/${encodeURIComponent(id)}`)
}

/** Everything there is under one passkey of the person who is signed in. */
function underOwnPasskey<Start extends string>(start: Start) {
  return { start, name: `${start}/ten`, remove: `${start}/xoa` } as const
}

export const ownPasskeyPaths = underOwnPasskey(`${places.account}/khoa/:key`)

export function ownPasskeyPlaces(handle: string) {
  return underOwnPasskey(`${places.account}/khoa/${encodeURIComponent(handle)}`)
}

/** Everything there is under one proposal. */
function underProposal<Start extends string>(start: Start) {
  return { start, approve: `${start}/dong-y`, return: `${start}/tra-lai`, withdraw: `${start}/rut-lai` } as const
}

export const proposalPaths = underProposal(`${places.approvals}/:id`)

export function proposalPlaces(id: string) {
  return underProposal(`${places.approvals}/${encodeURIComponent(id)}`)
}

/** Everything there is under one client. */
function underClient<Start extends string>(start: Start) {
  return {
    start, change: `${start}/thay-doi`, suspend: `${start}/tam-dung`, resume: `${start}/hoat-dong-lai`, end: `${start}/cham-dut`, secret: `${start}/khoa-bi-mat`,
    newSecret: `${start}/khoa-bi-mat/nhan`, formerSecret: `${start}/khoa-bi-mat/thu-hoi`,
  } as const
}

export const clientPaths = underClient(`${places.clients}/:client`)

export function clientPlaces(id: string) {
  return underClient(`${places.clients}/${encodeURIComponent(id)}`)
}

/** What there is of how a client does. */
function underHealth<Start extends string>(client: Start) {
  return { start: `${client}/suc-khoe`, usage: `${client}/suc-khoe/tep`, links: `${client}/lien-ket` } as const
}

export const healthPaths = underHealth(clientPaths.start)

export function healthPlaces(client: string) {
  return underHealth(clientPlaces(client).start)
}

export const endRolePath = `${places.roles}/:id/ket-thuc` as const

export function endRolePlace(id: string): string {
  return `${places.roles}/${encodeURIComponent(id)}/ket-thuc`
}

/** What can be proposed about one signing key. */
function underKey<Start extends string>(start: Start) {
  return { activate: `${start}/dung`, retire: `${start}/ngung`, revoke: `${start}/thu-hoi` } as const
}

export const keyPaths = underKey(`${places.keys}/:id`)

export function keyPlaces(kid: string) {
  return underKey(`${places.keys}/${encodeURIComponent(kid)}`)
}

/** What one look-up of a citizen has opened. */
export const lookUpPath = `${places.auditLookUp}/:id` as const

export function lookUpPlace(id: string): string {
  return `${places.auditLookUp}/${encodeURIComponent(id)}`
}

/** Everything there is under one application at a desk. */
function underApplication<Start extends string>(start: Start) {
  return { start, code: `${start}/ma`, compare: `${start}/so`, refuse: `${start}/tu-choi`, chip: `${start}/chip`, doubt: `${start}/chip/nghi-ngo`, receipt: `${start}/bien-nhan` } as const
}

export const deskPaths = underApplication(`${places.desk}/:id`)

export function deskPlaces(id: string) {
  return underApplication(`${places.desk}/${encodeURIComponent(id)}`)
}

/** An organisation for who represents it by law, and the form by which it lets somebody act in its name. */
export const organisationPath = `${places.organisations}/:id` as const
export const givePath = `${organisationPath}/uy-quyen` as const

export function organisationPlace(id: string): string {
  return `${places.organisations}/${encodeURIComponent(id)}`
}

export const givePlace = (id: string): string => `${organisationPlace(id)}/uy-quyen`

/** A mandate for whom it names. */
export const mandatePath = `${places.mandates}/:id` as const

export function mandatePlace(id: string): string {
  return `${places.mandates}/${encodeURIComponent(id)}`
}

/** Everything there is under one application of an organisation. */
function underOrganisationFile<Start extends string>(start: Start) {
  return { start, examine: `${start}/xem-xet`, issue: `${start}/cap`, refuse: `${start}/tu-choi` } as const
}

export const organisationFilePaths = underOrganisationFile(`${places.organisationFiles}/:id`)

export function organisationFilePlaces(id: string) {
  return underOrganisationFile(`${places.organisationFiles}/${encodeURIComponent(id)}`)
}

export const endBannerPath = `${places.banners}/:id/go` as const

export function endBannerPlace(id: string): string {
  return `${places.banners}/${encodeURIComponent(id)}/go`
}

/** Everything there is under one client of a developer. */
function underDeveloperClient<Start extends string>(start: Start) {
  return {
    start, trial: `${start}/thu`, fault: `${start}/loi`, faultOff: `${start}/het-loi`, requests: `${start}/yeu-cau`,
    change: `${start}/sua`, remove: `${start}/xoa`,
  } as const
}

export const developerPaths = underDeveloperClient(`${places.developers}/:id`)

export function developerPlaces(id: string) {
  return underDeveloperClient(`${places.developers}/${encodeURIComponent(id)}`)
}

export const trialReportPath = `${places.developers}/ket-qua/:id` as const

export function trialReportPlace(id: string): string {
  return `${places.developers}/ket-qua/${encodeURIComponent(id)}`
}

/** Everything there is under one request to connect: for its owner, and for who reviews it. */
function underConnection<Start extends string>(start: Start) {
  return { start, save: `${start}/luu`, send: `${start}/gui`, withdraw: `${start}/rut` } as const
}

export const connectionPaths = underConnection(`${places.connections}/:id`)

export function connectionPlaces(id: string) {
  return underConnection(`${places.connections}/${encodeURIComponent(id)}`)
}

function underReview<Start extends string>(start: Start) {
  return { start, return: `${start}/tra-lai`, propose: `${start}/de-xuat` } as const
}

export const reviewPaths = underReview(`${places.reviews}/:id`)

export function reviewPlaces(id: string) {
  return underReview(`${places.reviews}/${encodeURIComponent(id)}`)
}

export const selfTestPath = `${places.developers}/:id/tu-kiem-tra` as const

export function selfTestPlace(client: string): `/${string}` {
  return `${places.developers}/${encodeURIComponent(client)}/tu-kiem-tra`
}

const interactionPath = new RegExp(`^${interactionRoot}/([A-Za-z0-9_-]{1,64})`)

/** The interaction that a path is a place of, or nothing. */
export function boundTo(path: string): string {
  return interactionPath.exec(path)?.[1] ?? ''
}
