/** Where developers of services work. */
export const developerPlaces = {
  start: '/nha-phat-trien',
  trialAnswer: '/nha-phat-trien/tro-ve',
  initialToken: '/nha-phat-trien/ma-dang-ky',
  connections: '/nha-phat-trien/ket-noi',
} as const

/** Everything there is under one client of a developer. */
function underDeveloperClient<Start extends string>(start: Start) {
  return {
    start, trial: `${start}/thu`, fault: `${start}/loi`, faultOff: `${start}/het-loi`, requests: `${start}/yeu-cau`,
    change: `${start}/sua`, remove: `${start}/xoa`,
  } as const
}

export const developerClientPaths = underDeveloperClient(`${developerPlaces.start}/:id`)

export function developerClientPlaces(id: string) {
  return underDeveloperClient(`${developerPlaces.start}/${encodeURIComponent(id)}`)
}

export const trialReportPath = `${developerPlaces.start}/ket-qua/:id` as const

export function trialReportPlace(id: string): string {
  return `${developerPlaces.start}/ket-qua/${encodeURIComponent(id)}`
}

/** Everything there is under one request to connect: for its owner, and for who reviews it. */
function underConnection<Start extends string>(start: Start) {
  return { start, save: `${start}/luu`, send: `${start}/gui`, withdraw: `${start}/rut` } as const
}

export const connectionPaths = underConnection(`${developerPlaces.connections}/:id`)

export function connectionPlaces(id: string) {
  return underConnection(`${developerPlaces.connections}/${encodeURIComponent(id)}`)
}

export const selfTestPath = `${developerPlaces.start}/:id/tu-kiem-tra` as const

export function selfTestPlace(client: string): `/${string}` {
  return `${developerPlaces.start}/${encodeURIComponent(client)}/tu-kiem-tra`
}
