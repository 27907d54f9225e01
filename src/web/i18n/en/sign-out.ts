import type { Texts } from '#web/i18n/vi.ts'

export const signOut: Texts['signOut'] = {
  title: 'Sign out?',
  count: (services) => `Services you are signed in to: ${services}.`,
  legend: 'Where do you want to sign out?',
  only: (service) => `Only ${service}`,
  all: 'Everywhere',
  allText: 'You will be signed out of your electronic identity on this device.',
  button: 'Sign out',
  done: 'You are signed out',
  doneText: 'On a shared computer, close the browser.',
}
