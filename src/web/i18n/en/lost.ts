import type { Texts } from '#web/i18n/vi.ts'
import { bring, place } from './in-person.ts'

/** "I lost my device": the account is locked without a sign-in. */
export const lost: Texts['lost'] = {
  link: 'Lost your device? Lock your account now',
  title: 'Lock your account when your device is lost',
  lead: 'You need not sign in. Nobody can use the account until you unlock it.',
  shown: 'Reference or recovery code',
  shownHint: 'The 9 signs in a notice that we sent you, for example 7F3-K29-QDT. Or one of the recovery codes you printed: each works once.',
  errors: {
    missing: 'Enter the reference of a notice, or a recovery code.',
    format: 'This is not right. A reference has 9 signs, a recovery code has 12. Look at it again, sign by sign.',
  },
  button: 'Lock the account',
  neitherTitle: 'Do you have neither?',
  neither: `Take ${bring.either}. An officer locks the account for you at once.`,
  done: {
    title: 'We have your request',
    text: 'If what you entered is right, the account is locked within seconds.',
    list: [
      'You receive a notice once the account is locked.',
      `Is there no notice? Check what you entered and try again, or go to ${place.either}.`,
      'Did you enter a recovery code? That one is used up. Get your account back with another code of the sheet.',
      `Found the device? Sign in with your passkey to ask that the account be unlocked: it can be after 24 hours, or at once at ${place.either}.`,
    ],
    again: 'Enter it again',
  },
  held: {
    warning: (until) => `The account was brought back with a recovery code. Until ${until} it works like one of level 1.`,
    link: 'It was not me: cancel it',
    title: 'Cancel the recovery of your account?',
    lead: 'Cancel it only if it was not you who entered the recovery code.',
    list: ['The passkey that was made with the code is removed.', 'All printed recovery codes stop working.', 'You are signed out everywhere, and sign in again with your own passkey.'],
    button: 'Cancel the recovery',
    done: 'The recovery was cancelled',
    doneText: 'The strange passkey is removed. Sign in with yours, then print new recovery codes and keep them in a safe place.',
  },
}
