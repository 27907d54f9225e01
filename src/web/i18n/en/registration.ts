import type { Texts } from '#web/i18n/vi.ts'

export const registration: Texts['registration'] = {
  number: {
    title: 'Your personal identification number',
    hint: 'The 12 digits on your identity card. Example 079\u00a0203\u00a0001\u00a0234',
    errors: {
      missing: 'Enter your personal identification number.',
      format: 'The personal identification number has exactly 12 digits. Check it on your card.',
    },
  },
  identity: {
    title: 'Your full name and date of birth',
    lead: 'Enter them as on your identity card.',
    name: 'Full name',
    nameHint: 'With or without Vietnamese marks.',
    birthDate: 'Date of birth',
    birthDateHint: 'Example 02\u00a003\u00a01962. If your card shows only a year, leave day and month empty.',
    day: 'Day',
    month: 'Month',
    year: 'Year',
    errors: {
      nameMissing: 'Enter your full name.',
      nameLong: 'The name is longer than 200 characters.',
      dateMissing: 'Enter your date of birth.',
      yearShort: 'A year of birth has 4 digits, for example 1962.',
      dateWrong: 'This date is not in the calendar. Check the day, month and year.',
    },
  },
  contact: {
    title: 'Email for notices',
    lead: 'We send a 6-digit code to check that this email is yours.',
    label: 'Email',
    hint: 'Example your.name@example.com',
    notForSignIn: 'We never use this code for signing in.',
    button: 'Send the code',
    errors: { missing: 'Enter your email.', format: 'An email looks like your.name@example.com.' },
  },
  code: {
    title: 'Enter the code from the email',
    lead: (address, { digits, minutes }) =>
      `If the email is right, a ${digits}-digit code was sent to ${address}. It is valid for ${minutes} minutes.`,
    label: (digits) => `${digits}-digit code`,
    spam: 'No message? Look in your spam folder too.',
    resend: 'Send a new code',
    wait: 'Send a new code in',
    resent: 'A new code was sent. The old one no longer works.',
    otherAddress: 'Use another email',
    errors: {
      missing: 'Enter the code from the email.',
      format: 'The code is digits only, just as in the email. This try does not count.',
      wrong: (left) => `The code is not right. Tries left: ${left}.`,
      spent: 'This code no longer works. Press Send a new code.',
    },
  },
  passkey: {
    title: 'Create your sign-in key on this device',
    lead: 'You will unlock the screen as you always do. Your fingerprint and face never leave your device.',
    name: 'This key is called a “passkey”. Next time you sign in with one touch, no password.',
    button: 'Create passkey',
    notes: {
      cancelled: 'You closed the dialog. Press again to retry.',
      exists: 'This device already has a passkey for your account. Use it to sign in.',
      failed: 'The device could not create the key. Turn on the screen lock, then press again to retry.',
    },
  },
  refused: {
    title: 'Online registration is not possible yet',
    lead: 'We cannot create an account from these details. The reason is not shown, to protect the holder of this number.',
    todo: 'Go to the nearest commune or ward police office',
    bring: ['Your identity card', 'Your phone', 'Your birth certificate, if the details on the card are out of date'],
    bringTitle: 'Bring with you',
    again: 'Enter the details again',
    already: 'If you already have an account, sign in.',
    signIn: 'Go to the sign-in page',
  },
  done: {
    title: 'You now have a level 1 account',
    lead: 'From now on you sign in with your fingerprint, face or screen lock.',
    worksTitle: 'You can already',
    works: ['Sign in to services that accept level 1', 'Share your own information when you agree'],
    laterTitle: 'Level 2 is needed for',
    later: [
      'Services that require your face and card to have been checked',
      'To reach level 2, take your identity card to the commune or ward police',
    ],
  },
}
