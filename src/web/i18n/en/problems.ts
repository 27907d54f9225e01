import type { Texts } from '#web/i18n/vi.ts'
import { bring, place } from './in-person.ts'

const again = 'Go back to the service and start again.'
const inPerson = `Take ${bring.either}.`
const ours = 'The error is on our side and has been recorded.'

const forPrograms = 'This is for whoever writes the program: see the API’s documentation.'

const list: Texts['problems']['list'] = {
  'account.locked': {
    title: 'This account is locked',
    sentence: ({ since }) => (since === undefined ? 'This account is locked.' : `This account has been locked since ${since}.`),
    todo: `Nobody can sign in, not even you. ${inPerson}`,
  },
  'account.expired': {
    title: 'This account has expired',
    sentence: ({ since }) =>
      `This account expired${since === undefined ? '' : ` on ${since}`} because the identity document ran out.`,
    todo: 'Renew your document; the account will then work again.',
  },
  'account.deceased': {
    title: 'This account cannot be used to sign in',
    sentence: () => 'This account has ended according to the National Population Database.',
    todo: `If that is not right, or you are a relative who needs help, contact ${place.either}.`,
  },
  'account.represented': {
    title: 'This account needs a representative',
    sentence: () => 'By law the holder of this account does not sign in alone: a representative or guardian acts for them.',
    todo: `The representative signs in with their own passkey and chooses to act for this person. If there is no representative, or something is wrong, go to ${place.either}.`,
  },
  'acting.not-allowed': {
    title: 'You cannot act for this person or organisation',
    sentence: () => 'You may not do this now, or one of the two accounts cannot be used. Nothing was sent.',
    todo: `The people and organisations you act for are listed in My e-ID. If something is wrong, go to ${place.either}.`,
  },
  'account.not-activated': {
    title: 'This account is not active yet',
    sentence: () => 'The account was created but never activated.',
    todo: 'Complete the first registration, then sign in again.',
  },
  'account.held': {
    title: 'Passkeys and codes cannot be changed yet',
    sentence: ({ since }) => `The account was brought back with a recovery code. Until the end of ${since ?? 'the third day'} the new passkey cannot change other passkeys or recovery codes.`,
    todo: `This keeps you safe should somebody else use your code. Is it urgent? ${inPerson}`,
  },
  'assurance.unreachable': {
    title: 'This service needs a higher level',
    sentence: () => 'Your account or key does not reach the level the service asks for. Nothing about you was sent.',
    todo: `To raise your account to level 2: ${inPerson}`,
  },
  'interaction.expired': {
    title: 'This page cannot be used any more',
    sentence: () =>
      'You may have signed in already, left the page waiting too long, or opened it in another browser. Nothing was lost.',
    todo: again,
  },
  'approval.over': {
    title: 'This request is no longer there',
    sentence: () => 'The request has been answered or has expired. Nothing more was sent.',
    todo: 'If you still want to confirm, ask the service to send the request again.',
  },
  'passkey.challenge-spent': {
    title: 'This request was already used',
    sentence: () => 'Each sign-in needs a new request. Nothing was lost.',
    todo: 'Go back to the sign-in page and press again.',
  },
  'passkey.not-recognised': {
    title: 'This passkey is not recognised',
    sentence: () => 'It belongs to no account here.',
    todo: 'Use another passkey, or register for the first time.',
  },
  'passkey.removed': {
    title: 'This passkey was removed',
    sentence: ({ since }) => `This passkey was removed from the account${since === undefined ? '' : ` on ${since}`}.`,
    todo: `Use another passkey. If it was not you who removed it: ${inPerson}`,
  },
  'passkey.counter-stale': {
    title: 'This passkey is blocked for now',
    sentence: () => 'It shows signs of having been copied, so we do not accept it, to protect you.',
    todo: `Use another passkey. ${inPerson}`,
  },
  'passkey.not-verified': {
    title: 'The device could not confirm that it is you',
    sentence: () => 'This time it did not check your fingerprint, face or screen lock.',
    todo: 'Turn on the screen lock of the device, then try again.',
  },
  'passkey.not-asked-for': {
    title: 'Another passkey is needed',
    sentence: () => 'The passkey you used is not one that this page asks for. Nothing has changed.',
    todo: 'Go back and use a passkey of the account that is signed in, or switch to another account.',
  },
  'registration.out-of-order': {
    title: 'It is not yet time for this step',
    sentence: () => 'Registration goes step by step. Nothing was lost.',
    todo: 'Start again from the first step.',
  },
  'registration.code-wrong': {
    title: 'The code is not right',
    sentence: ({ left }) => `The code you entered is not right.${left === undefined ? '' : ` Tries left: ${left}.`}`,
    todo: 'Check the code in the latest message.',
  },
  'registration.code-spent': {
    title: 'This code no longer works',
    sentence: () => 'It has expired, was already used, or was entered wrongly too often.',
    todo: 'Ask for a new code.',
  },
  'registration.refused': { title: 'Online registration is not possible yet', sentence: () => 'We cannot create an account from these details.', todo: inPerson },
  'officer.not-allowed': {
    title: 'You may not do this',
    sentence: () => 'Your roles do not allow this. The attempt was recorded.',
    todo: 'If your work needs it, ask your manager to propose the role for you.',
  },
  'officer.level': {
    title: 'Your account is not at level 2 yet', sentence: () => 'Whoever works for the system needs an account of level 2. The attempt was recorded.', todo: 'Bring your identity card to an e-ID desk to raise your account to level 2, then sign in again.',
  },
  'audit.own': {
    title: 'Nobody looks themself up',
    sentence: () => 'What is recorded about you is looked up by somebody else. This attempt has been recorded.',
    todo: 'Ask another auditor, or see My e-ID.',
  },
  'proposal.own': {
    title: 'Another person must decide',
    sentence: () => 'A proposal that you made, or that is about your own role, is decided by somebody else.',
    todo: 'Ask another approver to open this proposal.',
  },
  'proposal.over': {
    title: 'This proposal has been decided',
    sentence: () => 'Somebody decided while you were reading. What you did changed nothing.',
    todo: 'Open the list of approvals again to see the outcome.',
  },
  'proposal.stale': {
    title: 'The client has changed',
    sentence: () => 'The client changed after this proposal was written, so it can no longer be approved.',
    todo: 'Return the proposal and ask its author to write it again from the client as it is now.',
  },
  'proposal.faulty': {
    title: 'This cannot be proposed',
    sentence: () => 'Something in the proposal is wrong.',
    todo: 'Correct what the detail says and send it again.',
  },
  'proposal.too-many': {
    title: 'Too many of your proposals are waiting',
    sentence: () => 'The new one was not sent, so that those of others are not hidden among yours.',
    todo: 'Withdraw what is no longer needed, or wait for a decision, and send it again.',
  },
  'connection.over': {
    title: 'This request has moved on',
    sentence: () => 'While you looked at it, the request to connect came to another step. What you did has changed nothing.',
    todo: 'Open the request again to see where it stands.',
  },
  'reason.personal': {
    title: 'A reason names nobody by a number',
    sentence: () => 'In the reason there is something like a personal number, a telephone number or a mail address. The log of record holds none of these. Nothing has changed.',
    todo: 'Go back, leave that number or address out and name the case instead.',
  },
  'api.unauthorized': {
    title: 'The call could not be authenticated',
    sentence: () => 'The access token or its proof is not valid.',
    todo: forPrograms,
  },
  'reader.not-paired': {
    title: 'This reader of chips is not let in',
    sentence: () => 'Its code is wrong, over or used. Each code is good for one reading.',
    todo: 'Make a new code on the page of the application at the desk.',
  },
  'api.scope-missing': {
    title: 'The call lacks a scope',
    sentence: () => 'The access token does not have the scope for this.',
    todo: forPrograms,
  },
  'api.call-unnamed': {
    title: 'The call has no name',
    sentence: () => 'A call that changes something needs an Idempotency-Key.',
    todo: forPrograms,
  },
  'api.call-under-way': {
    title: 'The call is being answered',
    sentence: () => 'A call of the same name is not finished.',
    todo: 'Wait a few seconds and send it again.',
  },
  'api.call-name-taken': {
    title: 'The name of the call is taken',
    sentence: () => 'This Idempotency-Key stands for another call.',
    todo: forPrograms,
  },
  'limit.exceeded': {
    title: 'Too many tries',
    sentence: ({ wait }) => (wait === undefined ? 'Try again in a few minutes.' : `Try again in ${wait}.`),
    todo: 'You need do nothing while you wait. Your account is not locked.',
  },
  'request.malformed': {
    title: 'The link or form is wrong',
    sentence: ({ host }) =>
      host === undefined
        ? 'We could not read this request.'
        : `The link from ${host} is wrong. The service made the mistake, not you.`,
    todo: again,
  },
  'request.too-large': {
    title: 'Too much was sent',
    sentence: () => 'The form is larger than allowed.',
    todo: 'Go back, shorten what you entered and send it again.',
  },
  'request.too-long': {
    title: 'The service’s request is too long',
    sentence: () => 'The service sent a link that is longer than allowed. The service made the mistake, not you.',
    todo: again,
  },
  'request.forged': {
    title: 'This page is out of date',
    sentence: () => 'The form did not come from the page you have open, so we did nothing.',
    todo: 'Reload the page and try again. Your browser must allow cookies.',
  },
  'request.not-found': {
    title: 'Page not found',
    sentence: () => 'There is nothing at this address, or it has moved.',
    todo: 'Check the address, or start from the service you need.',
  },
  'request.method': {
    title: 'This page cannot be opened that way',
    sentence: () => 'This address only receives forms.',
    todo: again,
  },
  'sealed.unreadable': { title: 'Our error', sentence: () => ours, todo: 'Try again in a few minutes.' },
  'service.unavailable': {
    title: 'Not available for the moment',
    sentence: () => 'Part of the system is interrupted. Your data is safe.',
    todo: 'Try again in a few minutes.',
  },
  'service.busy': {
    title: 'Very busy',
    sentence: ({ wait }) => `Many people are signing in at once.${wait === undefined ? '' : ` Try again in ${wait}.`}`,
    todo: 'There is no need to press repeatedly. Try again in a few minutes.',
  },
  'service.crowded': {
    title: 'Very busy',
    sentence: ({ wait }) => `Very many people are here at once. Nothing was lost.${wait === undefined ? '' : ` Try again in ${wait}.`}`,
    todo: 'There is no need to press repeatedly. Load this page again in a few seconds.',
  },
  internal: { title: 'Our error', sentence: () => ours, todo: 'Try again in a few minutes.' },
}

export const problems: Texts['problems'] = {
  list,
  reference: 'Reference',
  referenceHint: 'Quote it when you contact support.',
  technical: 'Technical details',
  minutes: (count) => `${count} ${count === '1' ? 'minute' : 'minutes'}`,
  seconds: (count) => `${count} ${count === '1' ? 'second' : 'seconds'}`,
}
