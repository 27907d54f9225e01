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
  attempt: {
    subject: 'Somebody tried to register with your personal number',
    text: (at) => `At ${at} somebody tried to register a new account with your personal identification number.

Your account has not changed. That person does not learn that you have an account.

If it was you: sign in with the passkey you already have.
If it was not you: you need do nothing. If it happens again, tell the nearest commune or ward police office.

Electronic identity`,
  },
}
