import type { Texts } from '#web/i18n/vi.ts'
import { bring, place } from './in-person.ts'

const help: Texts['papers']['help'] = {
  title: 'Help',
  lead: 'Answers to what people ask most.',
  sections: [
    {
      title: 'How do I sign in?',
      paragraphs: [
        'Press the sign-in button and unlock your device as you always do, with your fingerprint, face or screen lock.',
        'This is called a passkey. There is no password to remember and no text message to wait for.',
      ],
    },
    {
      title: 'I lost my phone or have a new one',
      list: [
        'If your passkey is synced (Google or Apple account), sign in to that account on the new device. The passkey is there.',
        'If you have a passkey on another device, choose Use another phone on the sign-in page.',
        `If you have no passkey left, take ${bring.either}.`,
      ],
    },
    {
      title: 'I cannot sign in inside Zalo or Facebook',
      paragraphs: ['Open the page in Chrome or Safari. The browsers inside these apps cannot open passkeys.'],
    },
    {
      title: 'The code did not reach my email',
      list: [
        'Look in your spam folder.',
        'Check the email address you entered.',
        'Wait for the countdown, then press Send a new code.',
      ],
    },
    {
      title: 'Do not be deceived',
      list: [
        'No officer ever asks for your screen lock or for the code in your email.',
        'Scan a sign-in QR code only if you yourself have just pressed sign in.',
        'Read the name of the service before you agree to share information.',
      ],
    },
  ],
}

const privacy: Texts['papers']['privacy'] = {
  title: 'Privacy',
  lead: 'What we use your information for, and what we do not do.',
  sections: [
    {
      title: 'What is kept',
      list: [
        'Information from the National Population Database, the email you registered and the public part of your passkey.',
        'Your number, names, birth date, addresses and email are encrypted where they are stored.',
        'The fingerprint or face that unlocks your device never leaves it.',
      ],
    },
    {
      title: 'What services receive',
      paragraphs: [
        'Only what you see before you agree, or what the law provides.',
        'Each organisation receives its own identifier for you, so that organisations cannot use it to combine their data.',
      ],
    },
    {
      title: 'The log',
      paragraphs: ['Every sign-in and every release of information is recorded. The log contains neither names nor numbers.'],
    },
    {
      title: 'Cookies',
      paragraphs: ['Only those needed to sign in and to remember your language. No advertising, no tracking, no third parties.'],
    },
  ],
}

const accessibility: Texts['papers']['accessibility'] = {
  title: 'Accessibility',
  lead: 'These pages are for everybody, on every kind of device.',
  sections: [
    {
      title: 'You can',
      list: [
        'Enlarge the text to 200% without scrolling sideways.',
        'Use only a keyboard, or a screen reader.',
        'Use a light or dark background or high contrast, as your device is set.',
        'Sign in without remembering a password or solving a puzzle.',
      ],
    },
    {
      title: 'Standard',
      paragraphs: ['The pages are checked automatically against WCAG 2.2 level AA, in Vietnamese and in English.'],
    },
    {
      title: 'What does not work yet',
      list: [
        'Signing in with a passkey needs JavaScript.',
        `We have not tried every screen reader. If you have difficulties, go to ${place.either}.`,
      ],
    },
  ],
}

export const papers: Texts['papers'] = {
  help,
  privacy,
  accessibility,
  home: {
    title: 'Electronic identity server (development)',
    lead: 'This is a trial server on your own machine. Nobody in its data is a real person.',
    portal: 'Open the public service portal (trial)',
    linksTitle: 'For developers',
    styleguide: 'Design system',
    discovery: 'OpenID Connect configuration',
    jwks: 'Public keys',
  },
}
