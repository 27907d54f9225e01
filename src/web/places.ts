/** Where pages that belong to no interaction live. Routes and links read the same table. */
export const places = {
  home: '/',
  help: '/tro-giup',
  privacy: '/quyen-rieng-tu',
  accessibility: '/tro-nang',
  language: '/language',
  styleguide: '/styleguide',
} as const

/** The addresses of one sign-in in progress. */
export function interactionPlaces(uid: string) {
  const at = `/interaction/${encodeURIComponent(uid)}`
  return {
    start: at,
    passkey: `${at}/passkey`,
    narrow: `${at}/narrow`,
    none: `${at}/no-passkey`,
    otherPhone: `${at}/other-phone`,
    cancel: `${at}/cancel`,
    consent: `${at}/consent`,
    register: `${at}/register`,
    identity: `${at}/register/identity`,
    contact: `${at}/register/contact`,
    code: `${at}/register/code`,
    resend: `${at}/register/resend`,
    newPasskey: `${at}/register/passkey`,
    finish: `${at}/register/finish`,
  } as const
}
