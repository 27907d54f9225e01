import type { Texts } from '#web/i18n/vi.ts'

export const sandbox: Texts['sandbox'] = {
  people: {
    title: 'Choose a test person',
    lead: 'One click signs in with a software passkey. None of these people exists.',
    notes: {
      ordinary: 'An ordinary adult',
      stacked: 'A name with stacked marks',
      'level-1': 'An account of level 1',
      'single-name': 'A name of one word',
      'long-name': 'A very long name',
      'foreigner-level-2': 'A foreign resident at level 2, temporary residence card',
      foreigner: 'A foreign resident',
      ethnic: 'An Ê Đê name, with ĭ and ă',
      old: 'Only the year of birth is known',
      young: 'Not yet 18',
      moved: 'Has had another personal number',
      'no-contact': 'No email and no phone',
      locked: 'A locked account: does not get in',
    },
    or: 'or use a passkey of your own',
  },
}
