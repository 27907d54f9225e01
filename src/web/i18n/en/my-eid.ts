import type { Texts } from '#web/i18n/vi.ts'
import { bring, place } from './in-person.ts'

export const myEid: Texts['myEid'] = {
  title: 'My e-ID',
  name: 'Full name',
  number: 'Personal ID number',
  lastSignIn: 'Last sign-in',
  waiting: (requests) => `Requests waiting for your answer: ${requests}.`,
  noneWaiting: 'No request is waiting for you.',
  toRequests: 'See requests',
  lookForRequests: 'Check for new requests',
  signOut: 'Sign out',
  everywhere: {
    link: 'Sign out everywhere',
    title: 'Sign out everywhere?',
    text: 'You will be signed out on every device and at every service, here too. Your passkeys go on working.',
    button: 'Sign out everywhere',
    done: 'You are signed out everywhere',
    doneText: `We are telling the services. If you fear that somebody uses your passkey, go to ${place.either}.`,
  },
  keys: {
    title: 'Passkeys',
    onlyOne: 'You have only one passkey. Add a second so you can\'t be locked out.',
    kinds: { hardware: 'Hardware security key', synced: 'Synced between devices', device: 'On one device only' },
    added: (day) => `Added ${day}`,
    used: (time) => `Last used ${time}`,
    neverUsed: 'Not used to sign in yet',
    add: {
      title: 'Add a security key',
      lead: 'A security key is a small device that you plug in or hold to your phone to sign in.',
      steps: [
        'Have a key ready that has a PIN or a fingerprint reader.',
        'Press the button below, then plug in or touch the key when the browser asks.',
        'Does the browser ask to show the kind of key? Allow it. Services that need a hardware key only take one that was shown.',
      ],
      button: 'Add key',
      noScript: 'Turn on JavaScript or use another device to add a key.',
      notes: {
        cancelled: 'You closed the dialog. Press again to retry.',
        exists: 'This key has been added already. Use another key.',
        failed: 'The key could not be added. Check the PIN of the key and press again to retry.',
      },
    },
    manage: 'Rename or remove',
    own: {
      title: 'Add a passkey on this device',
      lead: 'Add a second passkey, so that you can still sign in when your phone is lost or replaced.',
      steps: ['Open this page on the device that is to get the passkey.', 'Press the button below and unlock your screen as you do every day.', 'Fingerprint and face never leave your device.'],
      button: 'Add passkey',
      notes: {
        cancelled: 'You closed the dialog. Press again to retry.',
        exists: 'This device has a passkey of yours already. Open this page on another one.',
        failed: 'The passkey could not be added. Press again to retry.',
      },
    },
    one: {
      title: (name) => `Passkey “${name}”`,
      kind: 'Kind',
      added: 'Added',
      used: 'Last used',
      name: 'Name',
      nameHint: 'For you to tell it from others. Example: My phone.',
      nameFault: 'A name has at most 40 characters. Enter a shorter one.',
      rename: 'Save name',
      remove: 'Remove this passkey',
      removeTitle: (name) => `Remove the passkey “${name}”?`,
      removeText: 'It will not sign in any more. You will be signed out everywhere, also here.',
      removeButton: 'Remove passkey',
      lastTitle: 'This is your only passkey',
      lastText: 'Without it you could not sign in any more. Add another one first.',
      removed: 'Passkey removed',
      removedText: 'It does not sign in any more. Delete what your device has stored of it too, if you have the device. We tell you of this by email.',
    },
    full: {
      title: 'You have all the keys you may have',
      text: (most) => `An account has at most ${most} keys. Remove an old one first.`,
    },
    inOffice: {
      title: 'Keys of people with a role are not added here',
      text: 'You hold a role in this system. What you decide counts only when it is signed with a key that was there when two people gave you the role.',
      how: 'Need another key? Have your manager end the role, add the key here, and ask for the role again. Always have two security keys before you take a role.',
    },
    done: {
      hardware: {
        title: 'Hardware security key added',
        text: 'This key signs you in everywhere, also at services that need a hardware key.',
      },
      any: {
        title: 'Passkey added',
        text: 'This key signs you in like your others. We could not confirm that it is a hardware key, so services that need one will not take it.',
      },
      told: 'We tell you of this by email.',
    },
  },
  back: 'Back to My e-ID',
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
    'account-level': {
      title: 'This request needs a higher account level',
      text: (service) => `${service} needs a level that your account does not have. Nothing was sent.`,
      todo: (reader) => `To raise your account to level 2, take ${bring[reader]}.`,
    },
    'hardware-key': {
      title: 'This request needs a hardware security key',
      text: (service) => `Your account has no passkey that ${service} accepts. Nothing was sent.`,
      todo: () => 'Passkeys that are synced between devices do not work for this request. Ask the sender which key you need.',
    },
    organisation: {
      title: 'This request is only for people who act for an organisation',
      text: (service) => `${service} only takes people who act in the name of the organisation it asks for, and you do not act for that one here. Nothing was sent.`,
      todo: () => 'Do you work for the organisation? Ask a legal representative for a mandate for this service, and take it under My organisations. Then ask the sender to send the request again.',
    },
    close: 'Close the request',
  },
  ended: {
    approved: { title: 'You have confirmed', text: 'The sender can see it now. You may close this page.' },
    declined: {
      title: 'You have declined',
      text: 'Nothing was sent. If you asked nobody to send this request, somebody may know your ID number. Without your passkey they can do nothing.',
    },
    mismatched: {
      title: 'Wrong code, the request is cancelled',
      text: 'Nothing was sent. If you pressed the wrong one, ask for the request to be sent again.',
    },
    failed: {
      title: 'Your answer could not be sent',
      text: 'The fault is ours. Nothing was sent. Ask for the request to be sent again.',
    },
    answering: {
      title: 'This request has been answered',
      text: 'Each request can be answered once. If the sender has received nothing, ask them to send it again.',
    },
  },
}

export const device: Texts['device'] = {
  back: 'Back to entering a code',
  enter: {
    title: 'Enter the code that the device shows',
    lead: 'The device is what you want to sign in, such as a television or a machine at a counter.',
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
    yes: 'Same code, continue',
    no: 'Other code, or not me',
  },
  done: { title: 'The device is signed in', text: 'You may close this page and go on at the device.' },
  refused: { title: 'You have refused the device', text: 'The device is not signed in and nothing was sent. You may close this page.' },
}
