import type { Texts } from '#web/i18n/vi.ts'
import { authority } from './desk.ts'

export const level2: Texts['level2'] = {
  title: 'Type the officer’s code',
  lead: 'It has 8 digits and stands on the officer’s screen.',
  code: 'Confirmation code',
  codeHint: 'Like 4821 7706. Type it only while you stand at the desk.',
  codeFaults: { missing: 'Type the code.', wrong: 'This code does not work: it is wrong, expired or used. Look at the officer’s screen again, or ask for a new one.' },
  owner: 'Your personal ID number',
  ownerHint: 'Many wrong codes came from this network just now, maybe somebody else’s. So type the number on your identity card as well.',
  ownerFault: 'Type all 12 digits on your card.',
  bringTitle: 'What you need',
  bring: ['Your identity card.', 'This phone, with a screen lock.', 'To raise somebody you represent: the identity cards of both of you, and the phone with your passkey.'],
  compareTitle: 'Compare the number on both screens',
  nameless: 'An officer',
  acts: {
    'level-2': ({ officer, desk: place, commune, office }) => `${officer}, ${place}, ${authority(office, commune)}, is raising your account to level 2.`,
    recovery: ({ officer, desk: place, commune, office }) => `${officer}, ${place}, ${authority(office, commune)}, is helping you to get your account back. Old passkeys will stop working.`,
  },
  actsFor: ({ officer, desk: place, commune, office }) => `${officer}, ${place}, ${authority(office, commune)}, is raising the account of somebody you represent to level 2.`,
  account: 'The account of',
  number: 'The number on the officer’s screen must be',
  waiting: 'Show this number to the officer. The page goes on by itself.',
  makes: 'When you continue, your phone makes a passkey for the account: use your fingerprint, face or screen lock.',
  signs: 'When you continue, your phone asks for your passkey: use your fingerprint, face or screen lock.',
  yes: 'Yes, continue',
  no: 'No',
  ends: {
    done: { title: 'Done. You are at level 2', text: 'Effective at once. From now on you sign in with the passkey on this phone.' },
    doneFor: { title: 'Done. Whoever you represent is at level 2', text: 'Effective at once. At a service that lets you act for them, sign in with your own passkey and choose their name.' },
    denied: { title: 'The code is void', text: 'The numbers differed, so nothing has changed. Tell the officer at once.' },
    refused: { title: 'The application was not accepted', text: 'Nothing has changed. The officer will tell you why and print a receipt.' },
    over: { title: 'The code no longer works', text: 'Nothing has changed. Ask the officer for a new code.' },
    closed: { title: 'Not raised yet', text: 'Your account or your record has just changed. Nothing was saved. Ask the officer.' },
    toAccount: 'Open My e-ID',
    again: 'Type another code',
  },
}
