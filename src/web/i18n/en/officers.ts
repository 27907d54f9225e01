import type { Texts } from '#web/i18n/vi.ts'

export const officers: Texts['officers'] = {
  title: 'Officers',
  lead: 'Who is at which post, where and until when, when they last signed in to the pages of this system, and with what key. You see those whom you answer for.',
  where: 'Desk and shift, or reach',
  place: 'Name of the desk or commune, marks may be left out',
  time: 'From – to the end of',
  lastSignIn: 'Last sign-in',
  never: 'Never',
  keys: 'Key',
  count: 'Keys',
  standings: { attested: 'Attested hardware', unattested: 'Not attested', none: 'No key' },
  named: {
    caption: 'The keys that will decide',
    ask: 'Once the role is given, each of these keys signs as the person who gets it. Ask them in person: where one is not theirs, do not approve.',
    key: 'What they call the key',
    unnamed: '(no name)',
    maker: 'Kind of key',
    added: 'Added at',
    late: 'after this was proposed',
    attested: 'Attestation',
  },
  countedKeys: (standing, count) => `${standing} (${count})`,
  orders: { newest: 'Given last first', oldest: 'Given longest ago first', role: 'Role', desk: 'Commune and desk', ends: 'Last day', unseen: 'Longest without a sign-in first' },
}
