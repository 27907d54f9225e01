import type { Texts } from '#web/i18n/vi.ts'

export const agreement: Texts['agreement'] = {
  toHealth: 'How this application does',
  part: 'Agreement and security',
  numberHint: 'The written agreement to connect (Decree 69/2024, Article 18). Leave it empty where there is none yet.',
  security: 'Security level of the information system',
  securityHint: 'By the approved dossier (Decree 85/2016). Class A needs level 3 or more.',
  noSecurity: 'None yet',
  level: (level) => `Level ${level}`,
  inWords: (number, from, until) => `No. ${number}, signed on ${from}, until the end of ${until}`,
}
