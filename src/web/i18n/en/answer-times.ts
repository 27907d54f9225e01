import type { Texts } from '#web/i18n/vi.ts'

export const answerTimes: Texts['answerTimes'] = {
  title: 'How long the servers take to answer (p95)',
  wait: 'Step of a sign-in',
  within: (percent) => `${percent} of 100 done within`,
  all: 'How many',
  none: 'none yet',
  most: (milliseconds) => `${milliseconds} ms`,
  longer: (milliseconds) => `more than ${milliseconds} ms`,
  text: (percent) => `Of each 100, ${percent} are this fast or faster. Over all servers, from a request coming in to its answer going out; the network, and the time people take to unlock, are not in it.`,
  waits: {
    request: 'Taking the request of a service',
    page: 'Showing the sign-in page',
    passkey: 'Checking a passkey',
    token: 'Giving tokens to a service',
  },
}
