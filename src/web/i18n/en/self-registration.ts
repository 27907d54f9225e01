import type { Texts } from '#web/i18n/vi.ts'

export const selfRegistration: Texts['selfRegistration'] = {
  title: 'Programs that register themselves',
  text: 'Does your library know dynamic registration (RFC 7591)? Get a token for it. The application it makes is yours and counts among your 20.',
  button: 'Get a registration token',
  shown: 'Registration token',
  once: (until) => `Shown this once, good once, until ${until}. Whoever has it can make one application in your name.`,
  token: 'Initial access token',
  endpoint: 'Registration endpoint',
  how: 'With openid-client, for example:',
  noRoom: 'You have 20 test applications and unused tokens already. Remove an application, or wait an hour until the tokens are over.',
}
