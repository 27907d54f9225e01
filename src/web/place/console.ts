/** Where those who run the e-ID work. */
export const consolePlaces = {
  start: '/quan-tri',
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
  statistics: '/quan-tri/thong-ke',
  statisticsFile: '/quan-tri/thong-ke/tep',
  keys: '/quan-tri/khoa',
  breakGlass: '/quan-tri/khan-cap',
  banners: '/quan-tri/thong-bao',
  addBanner: '/quan-tri/thong-bao/moi',
  reviews: '/quan-tri/ket-noi',
} as const

/** Everything there is under one proposal. */
function underProposal<Start extends string>(start: Start) {
  return { start, approve: `${start}/dong-y`, return: `${start}/tra-lai`, withdraw: `${start}/rut-lai` } as const
}

export const proposalPaths = underProposal(`${consolePlaces.approvals}/:id`)

export function proposalPlaces(id: string) {
  return underProposal(`${consolePlaces.approvals}/${encodeURIComponent(id)}`)
}

/** Everything there is under one client. */
function underClient<Start extends string>(start: Start) {
  return {
    start, change: `${start}/thay-doi`, suspend: `${start}/tam-dung`, resume: `${start}/hoat-dong-lai`, end: `${start}/cham-dut`, secret: `${start}/khoa-bi-mat`,
    newSecret: `${start}/khoa-bi-mat/nhan`, formerSecret: `${start}/khoa-bi-mat/thu-hoi`,
  } as const
}

export const clientPaths = underClient(`${consolePlaces.clients}/:client`)

export function clientPlaces(id: string) {
  return underClient(`${consolePlaces.clients}/${encodeURIComponent(id)}`)
}

/** What there is of how a client does. */
function underHealth<Start extends string>(client: Start) {
  return { start: `${client}/suc-khoe`, usage: `${client}/suc-khoe/tep`, links: `${client}/lien-ket` } as const
}

export const healthPaths = underHealth(clientPaths.start)

export function healthPlaces(client: string) {
  return underHealth(clientPlaces(client).start)
}

export const endRolePath = `${consolePlaces.roles}/:id/ket-thuc` as const

export function endRolePlace(id: string): string {
  return `${consolePlaces.roles}/${encodeURIComponent(id)}/ket-thuc`
}

/** What can be proposed about one signing key. */
function underKey<Start extends string>(start: Start) {
  return { activate: `${start}/dung`, retire: `${start}/ngung`, revoke: `${start}/thu-hoi` } as const
}

export const keyPaths = underKey(`${consolePlaces.keys}/:id`)

export function keyPlaces(kid: string) {
  return underKey(`${consolePlaces.keys}/${encodeURIComponent(kid)}`)
}

/** What one look-up of a citizen has opened. */
export const lookUpPath = `${consolePlaces.auditLookUp}/:id` as const

export function lookUpPlace(id: string): string {
  return `${consolePlaces.auditLookUp}/${encodeURIComponent(id)}`
}

/** Everything there is under one application at a desk. */
function underApplication<Start extends string>(start: Start) {
  return { start, code: `${start}/ma`, compare: `${start}/so`, refuse: `${start}/tu-choi`, chip: `${start}/chip`, doubt: `${start}/chip/nghi-ngo`, receipt: `${start}/bien-nhan` } as const
}

export const deskPaths = underApplication(`${consolePlaces.desk}/:id`)

export function deskPlaces(id: string) {
  return underApplication(`${consolePlaces.desk}/${encodeURIComponent(id)}`)
}

/** Everything there is under one application of an organisation. */
function underOrganisationFile<Start extends string>(start: Start) {
  return { start, examine: `${start}/xem-xet`, issue: `${start}/cap`, refuse: `${start}/tu-choi` } as const
}

export const organisationFilePaths = underOrganisationFile(`${consolePlaces.organisationFiles}/:id`)

export function organisationFilePlaces(id: string) {
  return underOrganisationFile(`${consolePlaces.organisationFiles}/${encodeURIComponent(id)}`)
}

export const endBannerPath = `${consolePlaces.banners}/:id/go` as const

export function endBannerPlace(id: string): string {
  return `${consolePlaces.banners}/${encodeURIComponent(id)}/go`
}

function underReview<Start extends string>(start: Start) {
  return { start, return: `${start}/tra-lai`, propose: `${start}/de-xuat` } as const
}

export const reviewPaths = underReview(`${consolePlaces.reviews}/:id`)

export function reviewPlaces(id: string) {
  return underReview(`${consolePlaces.reviews}/${encodeURIComponent(id)}`)
}
