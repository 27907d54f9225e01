import { askToEnd, askToResume, askToSuspend, proposeToEnd, proposeToResume, showClient, suspend } from './client.ts'
import { changeClient, registerClient, showChangeClient, showRegisterClient } from './client-change.ts'
import { secretRoutes } from './client-secret.ts'
import { showClients } from './clients.ts'

/** Every page and form about client applications. */
export const clientRoutes = [
  showClients, showRegisterClient, registerClient, showClient, showChangeClient, changeClient,
  askToSuspend, suspend, askToResume, proposeToResume, askToEnd, proposeToEnd, ...secretRoutes,
] as const
