import type { Texts } from '#web/i18n/vi.ts'

export const breakGlass: Texts['breakGlass'] = {
  title: 'Emergency key',
  lead: 'For when nobody can sign in, to stop harm: suspend a client, end the roles of an officer, revoke a signing key. It is written on paper, sealed, and used once, at the server.',
  states: { missing: 'There is no emergency key that could be used.', 'drill-due': 'The emergency key was not tried for more than 31 days.', ready: 'The emergency key is ready.' },
  sealedAt: 'Sealed',
  drilledAt: 'Last drill',
  spentAt: 'Used',
  never: 'Never',
  none: 'Not used',
  toPage: 'See the emergency key',
  proposeTitle: 'Propose a new key',
  proposeText: 'Once another person has approved it, the operator runs this command at the server in front of both, writes the key on paper and seals it. The one before is no longer good.',
  command: 'eid officer break-glass seal PROPOSAL',
  submit: 'Send the proposal',
}
