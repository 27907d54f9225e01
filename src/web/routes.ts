import { backToForms } from './interaction/back.ts'
import { answerConsent } from './interaction/consent.ts'
import {
  finishRegistering, sendCodeAgain, showCode, showContact, showDone, showIdentity, showNewPasskey, showNumber, takeCode, takeContact,
  takeIdentity, takeNewPasskey, takeNumber,
} from './interaction/register.ts'
import { cancel } from './interaction/cancel.ts'
import { answerSignIn, narrowSignIn, showInteraction, showNoPasskey, showOtherPhone } from './interaction/sign-in.ts'
import { chooseLanguage, showAccessibility, showHelp, showHome, showPrivacy, showStyleguide } from './papers.ts'

/** Every page and every form there is. What is not in this list does not exist; the house test walks it. */
export const routes = [
  showInteraction, narrowSignIn, showNoPasskey, showOtherPhone, answerSignIn, cancel,
  showNumber, takeNumber, showIdentity, takeIdentity, showContact, takeContact, showCode, takeCode, sendCodeAgain,
  showNewPasskey, takeNewPasskey, showDone, finishRegistering,
  answerConsent, ...backToForms,
  showHome, showHelp, showPrivacy, showAccessibility, chooseLanguage,
]

/** Only outside production. */
export const developmentRoutes = [showStyleguide]
