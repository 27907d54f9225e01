import type { Texts } from '#web/i18n/vi.ts'
import { place } from './in-person.ts'

export const acting: Texts['acting'] = {
  title: 'For whom are you doing this?',
  lead: (service) => `${service} lets you act for somebody you represent.`,
  self: 'For myself:',
  instead: 'For',
  ties: { parent: 'your child under 14', guardian: 'a person under your guardianship' },
  caution: 'Each time you act for somebody is recorded. When you do, you are signed out of the services that are open in your own name on this device.',
  actingFor: 'You are acting for',
  actingForLead: 'The information below is about this person.',
  agreed: {
    title: 'What a representative agreed to for you',
    lead: 'This agreement counts only when the representative acts for you. When you sign in yourself, you are asked again.',
    at: 'At',
    service: 'Service',
    by: 'Agreed by',
    nameless: 'Somebody who is no longer in the data',
  },
  wards: {
    link: 'People I represent',
    title: 'People you represent',
    lead: 'These are your children under 14 and the people under your guardianship, as the national population database has them.',
    none: 'You do not represent anybody.',
    noneHint: (reader) => `This list comes from the national population database. To act for somebody your own account must be level 2. If something is wrong, go to ${place[reader]}.`,
    number: 'Personal ID number',
    tie: 'Relation',
    account: 'Account',
    has: (level) => `Yes, level ${level}. When you sign in to a service that allows acting for others, choose this person’s name.`,
    hasNot: 'None yet.',
    cannot: 'Cannot be opened yet: this person needs a valid identity card or residence card.',
    open: (name) => `Open a level 1 account for ${name}`,
    raise: 'To raise them to level 2 (from the age of 6): go to a desk together, with the identity cards of both of you and the phone with your passkey.',
    ends: 'Representation ends by itself when a child turns 14 or when the court ends the guardianship.',
  },
}
