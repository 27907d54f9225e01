import type { Reader } from '#web/i18n/vi/in-person.ts'
import { bring } from './in-person.ts'

/** "Lock my account", and opening it again. */
export const ownLock = {
  link: 'Lock my account',
  title: 'Lock your account?',
  lead: 'Nobody can sign in any more, not even you, until it is unlocked.',
  list: (reader: Reader) => [
    'You will be signed out on every device and at every service.',
    'Requests that wait for your answer can no longer be used.',
    `To unlock: sign in with your passkey, or take ${bring[reader]}.`,
  ],
  button: 'Lock now',
  done: {
    title: 'Your account is locked',
    text: 'Nobody can sign in any more. We are telling the services you were signed in to.',
    back: `To unlock it, sign in with your passkey, or take ${bring.either}.`,
  },
  unlock: {
    title: 'You locked this account',
    lead: (since: string) => `The account has been locked at your request since ${since}. You have just confirmed with your passkey, so you can unlock it now.`,
    caution: (reader: Reader) => `Did you lock it because your phone is lost and not found yet? Leave it locked, and take ${bring[reader]}.`,
    button: 'Unlock and sign in',
    lost: (since: string) => `The account has been locked since ${since} because a device was reported lost. So that whoever finds the device cannot unlock it, unlocking takes 24 hours.`,
    lostUntil: (since: string, at: string) => `The account has been locked since ${since} because a device was reported lost. From ${at} this passkey opens it, unless somebody cancels that before.`,
    lostCaution: (reader: Reader) => `We tell you at every saved email address and phone number. To unlock it at once, take ${bring[reader]}.`,
    buttons: { ask: 'Ask to unlock', waits: 'See when it can be unlocked' },
  },
  object: {
    title: 'Somebody is getting this account back',
    lead: 'A printed recovery code was just used to make a new passkey. If it was you, you need not do anything.',
    list: (reader: Reader) => [
      'It was not you? Cancel it: the new passkey is removed, the old ones work again, and all printed codes stop working.',
      'If the account is locked because a device was reported lost, it stays locked. Sign in with this passkey again to ask for it to be opened: that takes 24 hours.',
      `To unlock it at once, take ${bring[reader]}.`,
    ],
    button: 'It was not me: cancel it',
  },
  later: {
    title: 'The account cannot be unlocked yet',
    lead: (at: string) => `From ${at}, sign in again with this passkey to unlock the account.`,
    list: (reader: Reader) => [
      'You have been told at every saved email address and phone number.',
      'You did not ask for it? Report the device lost once more: the account stays locked.',
      `To unlock it at once, take ${bring[reader]}.`,
    ],
  },
}
