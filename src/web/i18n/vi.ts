import { account } from './vi/account.ts'
import { audit } from './vi/audit.ts'
import { approval, device, myEid } from './vi/my-eid.ts'
import { ownLock } from './vi/own-lock.ts'
import { recovery, recoveryCodes } from './vi/recovery.ts'
import { banners } from './vi/banners.ts'
import { clients } from './vi/clients.ts'
import { consent } from './vi/consent.ts'
import { console } from './vi/console.ts'
import { developer } from './vi/developer.ts'
import { details } from './vi/details.ts'
import { frame } from './vi/frame.ts'
import { goingLive } from './vi/going-live.ts'
import { health, status } from './vi/health.ts'
import { mail } from './vi/mail.ts'
import { papers } from './vi/papers.ts'
import { problems } from './vi/problems.ts'
import { registration } from './vi/registration.ts'
import { sandbox } from './vi/sandbox.ts'
import { signIn } from './vi/sign-in.ts'
import { signOut } from './vi/sign-out.ts'
import { statistics } from './vi/statistics.ts'
import { signingKeys } from './vi/signing-keys.ts'
import { transparency } from './vi/transparency.ts'

/** The source language. Whatever has a key here must have one in `en.ts`, or nothing compiles. */
export const vi = { frame, signIn, account, registration, clients, consent, console, details, signOut, myEid, ownLock, recovery, recoveryCodes, approval, device, problems, papers, mail, statistics, health, status, transparency, sandbox, signingKeys, audit, banners, developer, goingLive }

export type Texts = typeof vi
