import type { Texts } from '#web/i18n/vi.ts'

export const myEid: Texts['myEid'] = {
  title: 'My e-ID',
  name: 'Full name',
  number: 'Personal ID number',
  lastSignIn: 'Last sign-in',
  waiting: (requests) => `Requests waiting for your answer: ${requests}.`,
  noneWaiting: 'No request is waiting for you.',
  toRequests: 'See requests',
  signOut: 'Sign out',
  everywhere: {
    link: 'Sign out everywhere',
    title: 'Sign out everywhere?',
    text: 'You will be signed out on every device and at every service, here too. Your passkeys go on working.',
    button: 'Sign out everywhere',
    done: 'You are signed out everywhere',
    doneText: 'The services are being told. If you fear that somebody uses your passkey, go to the nearest commune or ward police office.',
  },
  back: 'To My e-ID',
  notSignedIn: {
    title: 'You are not signed in',
    text: 'You stopped signing in. Nothing has changed.',
    again: 'Sign in',
  },
}

export const approval: Texts['approval'] = {
  title: 'Requests waiting for you',
  lead: 'Answer only if you are dealing with the sender of the request right now.',
  none: 'There is no request.',
  noneHint: 'If you were told that one was sent, wait a few seconds and reload the page.',
  reload: 'Reload the page',
  sentAt: (time) => `Sent at ${time}`,
  match: {
    title: (service) => `${service} asks you to confirm`,
    lead: 'Which code are you being shown or told? Press that very code.',
    caution: 'Is nobody, and no screen, giving you a code? Then press none of them.',
    notMe: 'I did not ask for this',
  },
  organisation: 'Organisation',
  sent: 'Sent at',
  ends: 'Answer before',
  code: 'Code',
  confirm: {
    title: (service) => `Confirm with ${service}`,
    nothingShared: 'The sender only learns that you have confirmed. Nothing else is sent.',
    shares: 'Information that is sent',
    lasts: 'for this confirmation only',
    button: 'Confirm with fingerprint or face',
    decline: 'Decline',
  },
  unreachable: {
    title: 'This request needs a higher account level',
    text: (service) => `${service} needs a level that your account does not have. Nothing was sent.`,
    todo: 'To raise your account to level 2, take your identity card to the nearest commune or ward police office.',
    close: 'Close the request',
  },
  ended: {
    approved: { title: 'You have confirmed', text: 'The sender can see it now. You may close this page.' },
    declined: {
      title: 'You have declined',
      text: 'Nothing was sent. If you asked nobody to send this request, somebody may know your ID number. Without your passkey they can do nothing.',
    },
    mismatched: {
      title: 'The code did not match, the request is cancelled',
      text: 'Nothing was sent. If you pressed the wrong one, ask for the request to be sent again.',
    },
    answering: {
      title: 'This request has been answered',
      text: 'Each request can be answered once. If the sender has received nothing, ask them to send it again.',
    },
  },
}

export const device: Texts['device'] = {
  enter: {
    title: 'Enter the code on the device',
    lead: 'Enter the code that is on the screen of the device you want to use.',
    label: 'Code on the device',
    hint: '8 letters, capitals or not',
    errors: {
      missing: 'Enter the code that the device shows.',
      unknown: 'There is no such code, or it has expired. Look at the device again.',
      spent: 'This code was used or has expired. Get a new one on the device.',
      failed: 'This code could not be used. Get a new one on the device and try again.',
    },
  },
  caution: 'Go on only if the device is right in front of you. No police officer, bank or helper will ever call or write to ask you to enter a code here.',
  confirm: {
    title: (service) => `Sign in to ${service} on another device?`,
    lead: 'Compare this code with the one on the device.',
    code: 'Code',
    organisation: 'Organisation',
    asked: 'The device asked at',
    yes: 'The code is the same, continue',
    no: 'It is not me',
  },
  done: { title: 'The device is signed in', text: 'You may close this page and go on at the device.' },
  refused: { title: 'You have refused the device', text: 'The device is not signed in and nothing was sent. You may close this page.' },
}
