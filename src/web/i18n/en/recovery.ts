import type { Texts } from '#web/i18n/vi.ts'
import { bring } from './in-person.ts'

/** The way back of somebody who has lost every passkey. */
export const recovery: Texts['recovery'] = {
  ways: {
    title: 'What do you still have?',
    device: 'Another device with a passkey of mine',
    deviceHint: 'Scan a QR code with that device.',
    codes: 'Printed recovery codes',
    codesHint: 'Enter one of the codes on your sheet.',
    nothing: 'Nothing',
    nothingHint: `Take ${bring.either}.`,
  },
  code: {
    title: 'Enter a recovery code',
    lead: 'Each code works once. Then you make a new passkey on this device.',
    label: 'Recovery code',
    hint: 'On your printed sheet. Example: 7F3K-29QD-X0WA',
    errors: {
      missing: 'Enter a recovery code.',
      format: 'A recovery code has exactly 12 letters and digits.',
      wrong: 'The ID number or the recovery code is wrong, or the code was used before. Check them, or use another code.',
    },
    back: 'I have no recovery codes',
  },
  passkey: {
    title: 'Make a new passkey on this device',
    lead: 'The code is right. Now unlock your screen as you do every day to make your new passkey.',
    button: 'Create passkey',
  },
  done: {
    title: 'You have your account back',
    lead: (hours) => `For the next ${hours} hours the account works like one of level 1. We tell you of this wherever you receive notices.`,
    list: (reader) => [
      'Was your old phone lost? After that time you can remove its passkey in My e-ID.',
      'The code you entered does not work again. The others still do.',
      `Must a passkey go, or do you need level 2, at once? Take ${bring[reader]}.`,
    ],
  },
  waits: {
    title: 'Your new passkey is there, and the account stays locked',
    lead: (at) => `A device of this account was reported lost. From ${at}, sign in with the passkey you just made to open it. We tell you of this wherever you receive notices.`,
    alone: 'Old passkeys do not sign in any more. Whoever still has one of them can cancel this.',
    list: (reader) => [
      'It was not you who reported the loss, or you found the device? Sign in with an old passkey to cancel this.',
      `To open it at once, take ${bring[reader]}.`,
    ],
  },
}

/** Printed codes, in "my e-ID". */
export const recoveryCodes: Texts['recoveryCodes'] = {
  link: 'Recovery codes',
  title: 'Recovery codes',
  lead: 'Print codes on paper to get your account back when all your phones are lost.',
  inOffice: 'You hold a role of an administrator, so recovery codes are not for you. Is your key lost? First two administrators end your role, then take your identity card to a commune or ward police office.',
  none: 'You have not printed any yet.',
  left: (count, day) => `Codes left: ${count}, printed on ${day}.`,
  list: [
    'Each code works once, in place of a lost passkey.',
    'Keep them at home like important papers, and take no photo of them.',
    'Do not read a code out to anybody, not even to someone who claims to be an officer.',
  ],
  make: (count) => `Make ${count} new codes`,
  replaces: 'New codes take the place of the old ones, which stop working.',
  printedTitle: 'Your recovery codes',
  printedLead: 'Print this page or copy the codes to paper now.',
  once: 'The codes are shown this once. When you leave this page nobody can see them again, not even we.',
}
