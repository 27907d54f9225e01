import type { Texts } from '#web/i18n/vi.ts'

export const details: Texts['details'] = {
  title: (service) => `Confirm the request of ${service}`,
  lead: 'Read it carefully. Agree only if you have just asked for this yourself.',
  payment: 'Transfer money',
  amount: 'Amount',
  to: 'To',
  account: 'Account',
  message: 'Message',
  documents: 'Show your papers',
  papers: 'Papers',
  until: 'Until',
  once: 'this time only',
  purpose: 'What for',
  at: 'Carried out at',
  titleNothing: (service) => `Tell ${service} that you have signed in?`,
  nothing: 'The service receives only a code of its own to know you again, and no personal information.',
}
