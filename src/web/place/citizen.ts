/** Where pages live that are for everybody, and for whoever is signed in. Routes and links read the same table. */
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
  declareOrganisation: '/tai-khoan/khai-to-chuc',
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
  level2: '/m2',
  level2Answer: '/m2/xac-nhan',
  level2Deny: '/m2/khong-dung',
  status: '/tinh-trang',
  statusData: '/tinh-trang.json',
  styleguide: '/styleguide',
  icon: '/favicon.svg',
} as const

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
