import type { Texts } from '#web/i18n/vi.ts'

export const transparency: Texts['transparency'] = {
  title: 'Transparency log',
  lead: 'Every change to a connected service or to a signing key is written here before it takes effect. Everybody can read and check it.',
  what: {
    title: 'What it is for',
    list: [
      'You can see which services are connected, what they may receive and on what ground.',
      'Organisations see at once when somebody changes the addresses or keys of their service.',
      'Journalists and engineers can check that no line was changed, removed or slipped in.',
    ],
    private: 'The log holds nothing about citizens, and no officer’s name.',
  },
  head: {
    title: 'Latest state',
    size: 'Lines written',
    root: 'Digest of all lines (SHA-256)',
    key: 'Key to check the signature',
    forPrograms: 'For programs',
    checkpoint: 'Signed state',
    entries: 'Lines',
  },
  changes: (first, last) => `Changes from line ${last} back to line ${first}`,
  none: 'No changes yet.',
  columns: { seq: 'Line', at: 'Time', what: 'Change', whose: 'Of', by: 'By' },
  kinds: {
    'client.registered': 'Service connected',
    'client.changed': 'Service changed',
    'client.suspended': 'Service suspended',
    'client.resumed': 'Service resumed',
    'client.ended': 'Service disconnected',
    'key.staged': 'New signing key published',
    'key.planned': 'Decision about a signing key',
    'key.activated': 'Signing key in use',
    'key.retired': 'Signing key no longer in use',
    'key.revoked': 'Signing key revoked',
    'key.destroyed': 'Signing key destroyed',
  },
  roles: { operator: 'Operator', server: 'Server', 'break-glass': 'Emergency key' },
  proposal: (id) => `proposal ${id}`,
  older: 'Older',
  newest: 'To the newest',
}
