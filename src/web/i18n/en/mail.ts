import type { Texts } from '#web/i18n/vi.ts'
import type { Office } from '#domain/notice/office.ts'
import { place } from './in-person.ts'

const tried: Record<Office, string> = { commune: 'personal identification number', immigration: 'passport' }

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
    subject: (office) => `Somebody tried to register with your ${tried[office]}`,
    text: (at, office) => `At ${at} somebody tried to register a new account with your ${tried[office]}.

Your account has not changed. That person does not learn that you have an account.

If it was you: sign in with the passkey you already have.
If it was not you: you need do nothing. If it happens again, tell ${place[office]}.

Electronic identity`,
  },
}
