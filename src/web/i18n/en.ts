import { account } from './en/account.ts'
import { approval, device, myEid } from './en/my-eid.ts'
import { consent } from './en/consent.ts'
import { details } from './en/details.ts'
import { frame } from './en/frame.ts'
import { mail } from './en/mail.ts'
import { papers } from './en/papers.ts'
import { problems } from './en/problems.ts'
import { registration } from './en/registration.ts'
import { signIn } from './en/sign-in.ts'
import { signOut } from './en/sign-out.ts'
import type { Texts } from './vi.ts'

export const en: Texts = { frame, signIn, account, registration, consent, details, signOut, myEid, approval, device, problems, papers, mail }
