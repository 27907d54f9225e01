import type { Texts } from '#web/i18n/vi.ts'

export const frame: Texts['frame'] = {
  product: 'Electronic identity',
  wordmark: ['Electronic', 'identity'],
  skip: 'Skip to main content',
  lookAgain: 'Look again now',
  errorPrefix: 'Error: ',
  languageLabel: 'Language',
  help: 'Help',
  privacy: 'Privacy',
  accessibility: 'Accessibility',
  footerLabel: 'Footer links',
  continue: 'Continue',
  backTo: (service) => `Back to ${service}`,
  toSignIn: 'Back to the sign-in page',
  level: (level) => `Level ${level}`,
  step: (step, of) => `Step ${step} of ${of}`,
  errorSummary: 'Correct this before you continue',
  fieldError: 'Error: ',
  optional: 'optional',
  sandbox: { name: 'SANDBOX · For trying', says: 'Everybody here is made up. Type nothing real.' },
  notice: { info: 'Note', success: 'Done', warning: 'Please note', error: 'Error' },
}
