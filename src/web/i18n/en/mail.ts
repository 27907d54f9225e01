import type { Texts } from '#web/i18n/vi.ts'

export const mail: Texts['mail'] = {
  code: {
    subject: (code) => `${code} is your email check code`,
    text: (code, minutes) => `Email check code: ${code}

Enter this code on the electronic identity registration page. It is valid for ${minutes} minutes and works once.

Do not read this code out to anybody, not even to someone who claims to be an officer.
If you are not registering, ignore this message. Nothing has changed.

Electronic identity`,
  },
  passkeyAdded: {
    subject: 'A new passkey was added to your account',
    text: (at) => `At ${at} a new passkey was added to your electronic identity account. It signs in like your other passkeys.

If it was you: you need do nothing.
If it was not you: open the page My e-ID and remove that passkey. Can you not open it? Go at once to the nearest commune or ward police office.

Electronic identity`,
  },
  recovered: {
    subject: 'Your account was brought back with a recovery code',
    text: (at, until) => `At ${at} a printed recovery code was used to make a new passkey for your electronic identity account. Until ${until} the account works like one of level 1.

If it was you: you need do nothing.
If it was not you: open the page My e-ID, remove the passkey you do not know and make new codes. Can you not open it? Go at once to the nearest commune or ward police office.

Electronic identity`,
  },
  passkeyRemoved: {
    subject: 'A passkey was removed from your account',
    text: (at) => `At ${at} a passkey was removed from your electronic identity account. It does not sign in any more.

If it was you: you need do nothing.
If it was not you: open the page My e-ID, look at the passkeys that are left and press Lock my account. Can you not open it? Go at once to the nearest commune or ward police office.

Electronic identity`,
  },
  attempt: {
    subject: 'Somebody tried to register with your personal number',
    text: (at) => `At ${at} somebody tried to register a new account with your personal identification number.

Your account has not changed. That person does not learn that you have an account.

If it was you: sign in with the passkey you already have.
If it was not you: you need do nothing. If it happens again, tell the nearest commune or ward police office.

Electronic identity`,
  },
}
