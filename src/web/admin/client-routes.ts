import { askForSecret, askToEnd, askToResume, askToSuspend, issueSecret, proposeToEnd, proposeToResume, showClient, suspend } from './client.ts'
import { changeClient, registerClient, showChangeClient, showRegisterClient } from './client-change.ts'
import { showClients } from './clients.ts'

/** Every page and form about client applications. */
export const clientRoutes = [
  showClients, showRegisterClient, registerClient, showClient, showChangeClient, changeClient,
  askToSuspend, suspend, askToResume, proposeToResume, askToEnd, proposeToEnd, askForSecret, issueSecret,
] as const
