import type { Texts } from '#web/i18n/vi.ts'

export const consent: Texts['consent'] = {
  title: (service) => `${service} wants to receive your information`,
  titleLaw: (service) => `${service} receives your information by law`,
  titleAccess: (service) => `${service} asks for permission`,
  leadAccess: 'Only what is listed here is allowed. You may refuse.',
  lead: 'Only what is listed here is sent.',
  leadLaw: 'Your consent is not asked, but you have the right to know what is sent.',
  chooseTitle: 'You may also send',
  chooseHint: 'Tick what you want to send. You need not tick anything.',
  sensitive: 'sensitive information',
  purpose: 'What for',
  basis: 'Basis',
  basisConsent: 'Your consent',
  lasts: 'Your choice counts',
  lastsMonths: (months) => `for up to ${months} months`,
  lastsOnce: 'for this sign-in only',
  kinds: {
    citizen: 'Vietnamese citizen', foreigner: 'Foreigner',
    'undetermined-nationality': 'Of Vietnamese origin, nationality not determined',
  },
  answers: { yes: 'Yes', no: 'No', unknown: 'Not known' },
  sexes: { male: 'Male', female: 'Female' },
  allow: 'Agree and continue',
  deny: 'Don’t agree',
  denyHint: 'If you do not agree you return to the service and nothing is sent.',
}
