import type { Texts } from '#web/i18n/vi.ts'

export const line: Texts['line'] = {
  title: (position) => `Very busy: you are number ${position}`,
  about: (wait) => `About ${wait} to go.`,
  lessThanAMinute: 'Less than a minute to go.',
  stay: 'Keep this page open. It looks again by itself and takes you on when it is your turn.',
  kept: 'You keep your place when the page is loaded again, and there is no need to press repeatedly.',
}
