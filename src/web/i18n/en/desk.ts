import type { Office } from '#domain/notice/office.ts'
import type { Texts } from '#web/i18n/vi.ts'

const authority = (office: Office, commune: string): string => (office === 'immigration' ? commune : `police of ${commune}`)
const nearest: Record<Office, string> = { commune: 'the nearest commune police', immigration: 'the immigration authority' }
const anew: Record<Office, string> = { commune: 'your identity card to any commune police', immigration: 'your passport to the immigration authority' }

export const desk: Texts['desk'] = {
  title: 'Desk',
  at: (place, commune, office) => `${place}, ${authority(office, commune)}`,
  number: 'Personal identification number',
  recorded: 'The person will see this look-up, the case number and the reason.',
  purpose: 'The person has come to',
  purposes: { 'level-2': 'Raise to level 2', recovery: 'Get the account back' },
  purposeHints: { 'level-2': 'With or without an account.', recovery: 'The phone is lost: old passkeys are revoked, and the person makes a new one.' },
  find: 'Record and find',
  numberFault: 'Enter all 12 digits.',
  passportFault: 'A passport number has 4 to 20 letters and digits.',
  countryFault: 'Choose the country that issued the passport.',
  passport: 'Passport',
  residenceCard: 'Permanent or temporary residence card',
  purposeFault: 'Choose what the person needs.',
  faults: {
    unknown: 'Nobody has this number. Compare it with the card again.',
    'not-citizen': 'Foreigners get level 2 at the immigration authority (Decree 69/2024, Article 11.2).',
    'not-foreigner': 'A desk of the immigration authority serves foreigners only. Citizens are raised to level 2 at the commune police.',
    'not-alive': 'The registry says that this person has died or is missing. No account can be issued. If that is an error, the civil status office corrects it first; then find the person here again and choose “Raise to level 2”.',
    'under-age': 'Under 14 or under guardianship a representative acts too. This desk cannot do that yet.',
    'no-valid-card': 'The identity card has expired or there is none, or the passport or residence card of a foreigner has ended. The document comes first.',
    'not-entitled': 'This person is not entitled to level 2 (Decree 69/2024, Article 7).',
    'no-account': 'This person has no account yet. Choose “Raise to level 2”.',
    already: 'The account is at level 2 already. If the phone is lost, choose “Get the account back”.',
    locked: 'The account is locked. It has to be opened first where it was locked.',
    held: 'The account was just brought back with a recovery code and is on hold. Choose “Get the account back”: the old passkeys are removed.',
    office: 'This person holds a role in office. Two people end those roles first, and give them anew afterwards.',
    elsewhere: 'This person has an open application in another commune. To go on with it here, choose a reason below.',
    'chip-doubtful': 'The chip of this card is not believed. Read the person’s own card again, or refuse.',
    'chip-unread': 'The chip of the card has to be read before a code is made.',
  },
  takeOver: 'Take over what is open elsewhere',
  takeOverHint: 'A code made there becomes void. The reason is recorded, and the other desk no longer sees the application.',
  takeOvers: {
    'came-here': 'The person came to this desk and wants to go on here',
    'left-open': 'The other desk forgot to end it',
    'desk-closed': 'The other desk is closed or cannot do it',
  },
  waiting: 'Open applications',
  none: 'No application is open.',
  late: (count) => `${count} ${count === 1 ? 'application is' : 'applications are'} overdue. Finish them, or refuse them with a reason.`,
  onlyLate: 'See only these',
  overdue: 'Overdue',
  findAgain: 'To open a colleague’s application, or one older than an hour, find the person again by number.',
  reference: 'Reference',
  case: 'Case number',
  received: 'Received',
  due: 'Due by',
  decided: 'Ended',
  stage: 'State',
  stages: {
    new: 'No code yet', waiting: 'Code not typed yet', comparing: 'Numbers to compare', answering: 'Waiting for the phone', denied: 'Code cancelled', over: 'Code expired', done: 'Done', refused: 'Refused',
  },
  shift: ({ desk: place, commune, office, from, until, days }) => `${place}, ${authority(office, commune)}: ${from}–${until}, ${days}`,
  days: { 5: 'Monday to Friday', 6: 'Monday to Saturday', 7: 'every day' },
  post: {
    legend: 'Desk and shift (for enrolment officers only)',
    deskName: 'Name of the desk', commune: 'Commune', communeHint: 'Like: phường Bến Thành', badge: 'Name or badge that people will read', badgeHint: 'Like: Cán bộ Nguyễn Văn An. Empty: no name is shown.',
    shiftFrom: 'Shift begins', shiftUntil: 'Shift ends', timeHint: 'Time in Viet Nam, like 07:30', shiftDays: 'Days',
    fault: 'Enter desk, commune, beginning and end (like 07:30, 17:00) and days.',
  },
  offDuty: {
    title: 'Outside of your shift',
    text: 'The desk is open in your shift only:',
    noPost: 'You have not been given a desk.',
    todo: 'If your shift has changed, ask whoever manages officers to propose your role anew.',
  },
  applicationTitle: (purpose, reference) => `${purpose}, application ${reference}`,
  record: 'Registry record',
  name: 'Full name',
  birthDate: 'Date of birth',
  sex: 'Sex',
  sexes: { male: 'Male', female: 'Female' },
  residence: 'Permanent residence',
  card: 'Identity card',
  cardText: ({ issuedOn, expiresOn }) => `Issued ${issuedOn}, valid until ${expiresOn}`,
  noEnd: 'no end',
  seen: 'What have you seen?',
  seenHint: 'Tick only what you saw yourself. It is kept as evidence, with your name.',
  seenKinds: {
    'card-seen': 'The person showed their own genuine card, undamaged',
    'passport-seen': 'The person showed their own genuine passport, undamaged',
    'face-compared': 'The face matches the photo on the card',
  },
  seenFault: 'A code needs both: the card seen and the face matching. If they do not match, refuse.',
  contacts: 'Which of these does the person still use?',
  contactsHint: 'Ask about each. What is not ticked is removed when the person confirms, and is told that it was removed.',
  noContacts: 'The account has no email address and no phone number.',
  chip: {
    title: (reference) => `Chip of the card, application ${reference}`,
    heading: 'Chip of the card',
    open: 'Read the chip',
    unread: 'Not read.',
    verified: (at) => `The chip is genuine, read at ${at}. It is kept as evidence.`,
    doubtful: (at) => `The chip read at ${at} is not believed. No code can be made for this application.`,
    lead: 'The reader needs a code. It is good for one card, once, and for this application alone.',
    pair: 'Make a code for the reader',
    pairAgain: 'Make a new code and read again',
    give: (place) => `Scan this with the reader, or type the code into the reader at ${place}:`,
    scanLabel: 'QR code for the reader of chips',
    until: (time) => `The code is good until ${time}. This page goes on by itself.`,
    asked: 'The reader is reading the card. Keep the card still.',
    reason: (at, reason) => `At ${at}, fault ${reason}. Name it when you report this.`,
    troubles: {
      unreadable: 'It could not be read whole. Wipe the card, lay it down again and read once more. If it stays so, the chip is broken: the card has to be renewed.',
      forged: 'What the chip says was not signed by the state, or was changed. No level 2. Hold the card back as the rules say, and report it with the fault.',
      copied: 'This chip has a copy of another card’s data. No level 2. Hold the card back as the rules say, and report it with the fault.',
      'out-of-force': 'The card, or the certificate that signed it, is not in force any more. The card has to be renewed first.',
      'other-card': 'This is somebody else’s card. Compare the card with the person at the desk again.',
      stale: 'The reader answered too late. Make a new code and read again.',
      setup: 'No card can be checked at the moment. Tell the operator, with the fault.',
      unsupported: 'This chip cannot be checked. Go on as for a card without a chip.',
    },
  },
  makeCode: 'Make a code',
  say: (place) => `On their own phone the person opens ${place} and types the code:`,
  scan: 'Or scan this with the camera of the phone: the page opens with the code filled in.',
  scanLabel: 'QR code that opens the page with the code filled in',
  until: (time) => `The code works once, until ${time}.`,
  revokes: 'When the person confirms, all old passkeys and recovery codes are revoked and every session ends.',
  compare: 'Look at the person’s phone. Does it show this very number?',
  cancelCode: 'Cancel this code',
  same: 'Yes, this number',
  notSame: 'No, another number or none',
  answering: 'The person is confirming on the phone. This page updates itself.',
  ended: { denied: 'The code is void. If the numbers differed, another device may have typed it. Make a new one.', over: 'The code has expired. Make a new one.' },
  elsewhere: 'The code of this application was made in another browser. A new one made here voids it.',
  done: 'Done. You are at level 2',
  doneText: {
    'level-2': (name) => `${name} is at level 2, effective at once.`,
    recovery: (name) => `${name} has a new passkey and is at level 2. Old passkeys no longer work.`,
  },
  refusedText: (reason) => `Refused: ${reason}`,
  next: 'Next person (Alt+N)',
  refuseTitle: 'Refuse, or print a receipt',
  refusal: 'Why it is refused',
  refusalHint: 'The person is notified, and reads this reason on the receipt.',
  refusals: {
    'not-the-person': 'The face does not match the card',
    'card-doubtful': 'The card is damaged or seems altered',
    'data-differ': 'The card differs from the registry',
    withdrawn: 'The person does not want it any more',
    lapsed: 'Nobody worked on it for many days, so it closed by itself',
  },
  refusalFault: 'Choose why it is refused.',
  refuse: 'Refuse the application',
  receipt: 'Receipt to print',
  receiptTitle: (reference) => `Receipt ${reference}`,
  outcome: 'Outcome',
  receiptOpen: 'In progress',
  receiptDone: { 'level-2': 'The account is at level 2', recovery: 'New passkey made; old ones revoked' },
  place: 'Received at',
  receiptText: (office) => `It was not you? Go to ${nearest[office]} and quote the reference.`,
  print: 'To print, press Ctrl+P.',
  mail: {
    recovered: {
      subject: 'Your e-ID account has a new passkey',
      text: (reference, at, office) => `On ${at} your account was brought back at a desk. All old passkeys and recovery codes have stopped working, and every session has ended.

It was not you? Go to ${nearest[office]} at once and quote the reference.

Reference: ${reference}

Định danh điện tử`,
    },
    lapsed: {
      subject: 'Your application at the desk was closed',
      text: (reference, at, office) => `On ${at} your application at a desk closed by itself, because nobody worked on it for many days. Nothing about your account has changed.

Do you still need it? Bring ${anew[office]} and begin anew.

Reference: ${reference}

Định danh điện tử`,
    },
    refused: {
      subject: 'Your application at the desk was refused',
      text: (reference, at, office) => `On ${at} your application at a desk was refused. Nothing about your account has changed. The reason is on the receipt; you can ask at the desk.

You were not at a desk? Go to ${nearest[office]} and quote the reference.

Reference: ${reference}

Định danh điện tử`,
    },
  },
}

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
  bring: ['Your identity card.', 'This phone, with a screen lock.'],
  compareTitle: 'Compare the number on both screens',
  nameless: 'An officer',
  acts: {
    'level-2': ({ officer, desk: place, commune, office }) => `${officer}, ${place}, ${authority(office, commune)}, is raising your account to level 2.`,
    recovery: ({ officer, desk: place, commune, office }) => `${officer}, ${place}, ${authority(office, commune)}, is helping you to get your account back. Old passkeys will stop working.`,
  },
  number: 'The number on the officer’s screen must be',
  waiting: 'Show this number to the officer. The page goes on by itself.',
  makes: 'When you continue, your phone makes a passkey for the account: use your fingerprint, face or screen lock.',
  signs: 'When you continue, your phone asks for your passkey: use your fingerprint, face or screen lock.',
  yes: 'Yes, continue',
  no: 'No',
  ends: {
    done: { title: 'Done. You are at level 2', text: 'Effective at once. From now on you sign in with the passkey on this phone.' },
    denied: { title: 'The code is void', text: 'The numbers differed, so nothing has changed. Tell the officer at once.' },
    refused: { title: 'The application was not accepted', text: 'Nothing has changed. The officer will tell you why and print a receipt.' },
    over: { title: 'The code no longer works', text: 'Nothing has changed. Ask the officer for a new code.' },
    closed: { title: 'Not raised yet', text: 'Your account or your record has just changed. Nothing was saved. Ask the officer.' },
    toAccount: 'Open My e-ID',
    again: 'Type another code',
  },
}
