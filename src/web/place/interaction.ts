import { interactionRoot } from '#oidc/routes.ts'

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

const interactionPath = new RegExp(`^${interactionRoot}/([A-Za-z0-9_-]{1,64})`)

/** The interaction that a path is a place of, or nothing. */
export function boundTo(path: string): string {
  return interactionPath.exec(path)?.[1] ?? ''
}
