import { chooseAccount } from './interaction/account.ts'
import { backToForms, backToRequests } from './interaction/back.ts'
import { cancel } from './interaction/cancel.ts'
import { answerConsent } from './interaction/consent.ts'
import { chooseForWhom, showForWhom } from './interaction/for-whom.ts'
import { sendCodeAgain, showCode, showContact, takeCode, takeContact } from './interaction/register/contact.ts'
import { showIdentity, showNumber, takeIdentity, takeNumber } from './interaction/register/identity.ts'
import { chooseForeigner, showPassport, takePassport } from './interaction/register/passport.ts'
import { finishRegistering, showDone, showNewPasskey, takeNewPasskey } from './interaction/register/passkey.ts'
import { beginFace, finishFace } from './interaction/face.ts'
import { answerSignIn, narrowSignIn, objectWithPasskey, showInteraction, showNoPasskey, showOtherPhone, unlockAccount } from './interaction/sign-in.ts'
import { enter } from './account/entrance.ts'
import { showHistory } from './account/history.ts'
import { checkNotice, chooseNoticeLanguage, showNotices } from './account/notices.ts'
import { cancelRecoveryRoutes } from './account/cancel-recovery.ts'
import { ownContactRoutes } from './account/own-contact.ts'
import { lostRoutes } from './lost/page.ts'
import { openWard, showWards } from './account/wards.ts'
import { mandateRoutes } from './account/mandates.ts'
import { declareOrganisationRoutes } from './account/declare-organisation.ts'
import { organisationRoutes } from './account/organisations.ts'
import { makeRecoveryCodes, showRecoveryCodes } from './account/recovery-codes.ts'
import { showRecoverCode, showWaysBack, takeRecoverCode } from './interaction/recover/code.ts'
import { finishRecovering, showRecovered, showRecoverPasskey, takeRecoverPasskey } from './interaction/recover/passkey.ts'
import { askToLock, lockAccount, showAccountLocked } from './account/own-lock.ts'
import { askToSignOutEverywhere, showAccount, showSignedOutEverywhere, signOutEverywhere } from './account/home.ts'
import { approveRequest, refuseRequest, showRequest, showRequests, takeMatch } from './account/requests.ts'
import { askToRemovePasskey, removePasskey, renamePasskey, showPasskey, showPasskeyRemoved } from './account/passkey.ts'
import { showHardwareKeyAdded, showKeyAdded, showOwnPasskey, showSecurityKey, takeOwnPasskey, takeSecurityKey } from './account/security-key.ts'
import { deskRoutes } from './admin/desk.ts'
import { deskChipRoutes } from './admin/desk-chip.ts'
import { level2Routes } from './desk/answer.ts'
import { organisationFileRoutes } from './admin/organisations.ts'
import { auditRoutes } from './admin/audit-routes.ts'
import { approveProposal, sendBack, showApprovals, showProposal, withdrawProposal } from './admin/approvals.ts'
import { clientRoutes } from './admin/client-routes.ts'
import { bannerRoutes } from './admin/banners.ts'
import { breakGlassRoutes } from './admin/break-glass.ts'
import { keyRoutes } from './admin/keys.ts'
import { showConfirmed, showOverview } from './admin/overview.ts'
import { searchRoutes } from './admin/search.ts'
import { manyRolesRoutes } from './admin/many-roles.ts'
import { officersRoutes } from './admin/officers.ts'
import { askToEndRole, endRole, proposeRole, showMatrix, showProposeRole, showRoles } from './admin/roles.ts'
import { healthRoutes } from './admin/health.ts'
import { linkRoutes } from './admin/links.ts'
import { statisticsRoutes } from './admin/statistics.ts'
import { reviewRoutes } from './admin/connections.ts'
import { connectionRoutes } from './developer/connections.ts'
import { selfTestRoutes } from './developer/self-test.ts'
import { developerRoutes } from './developer/routes.ts'
import { chooseLanguage, papers, showStyleguide } from './papers.ts'
import { statusRoutes } from './status.ts'
import { showTransparency } from './transparency/page.ts'
import { showCheckpoint, showEntries, showLogKey, showProof } from './transparency/log.ts'

/** Every page and every form there is. What is not in this list does not exist; the house test walks it. */
export const routes = [
  showInteraction, narrowSignIn, showNoPasskey, showOtherPhone, answerSignIn, unlockAccount, objectWithPasskey, showForWhom, chooseForWhom, beginFace, finishFace, showWaysBack, showRecoverCode, takeRecoverCode, showRecoverPasskey, takeRecoverPasskey, showRecovered, finishRecovering, cancel, chooseAccount,
  showNumber, takeNumber, chooseForeigner, showPassport, takePassport, showIdentity, takeIdentity, showContact, takeContact, showCode, takeCode, sendCodeAgain,
  showNewPasskey, takeNewPasskey, showDone, finishRegistering,
  answerConsent, ...backToForms,
  enter, showAccount, askToSignOutEverywhere, signOutEverywhere, showSignedOutEverywhere, askToLock, lockAccount, showAccountLocked, showRecoveryCodes, makeRecoveryCodes, showRequests, showRequest, takeMatch, approveRequest, refuseRequest, ...backToRequests,
  showNotices, checkNotice, chooseNoticeLanguage, ...ownContactRoutes, ...cancelRecoveryRoutes, ...lostRoutes,
  showSecurityKey, takeSecurityKey, showOwnPasskey, takeOwnPasskey, showKeyAdded, showHardwareKeyAdded,
  showPasskey, renamePasskey, askToRemovePasskey, removePasskey, showPasskeyRemoved,
  showOverview, showConfirmed, showApprovals, showProposal, approveProposal, sendBack, withdrawProposal,
  ...clientRoutes, ...searchRoutes,
  ...keyRoutes, ...bannerRoutes, ...breakGlassRoutes,
  showRoles, showMatrix, showProposeRole, proposeRole, askToEndRole, endRole, ...officersRoutes, ...manyRolesRoutes,
  ...statisticsRoutes, ...healthRoutes, ...linkRoutes, ...statusRoutes,
  ...deskRoutes, ...deskChipRoutes, ...level2Routes, ...organisationRoutes, ...declareOrganisationRoutes, ...mandateRoutes, ...organisationFileRoutes,
  ...auditRoutes, showHistory, showWards, openWard,
  ...connectionRoutes, ...selfTestRoutes, ...reviewRoutes,
  ...developerRoutes,
  ...papers, chooseLanguage,
  showTransparency, showLogKey, showCheckpoint, showEntries, showProof,
]

/** Only outside production. */
export const developmentRoutes = [showStyleguide]
