import { askToChange, askToRemove, changeClient, giveInitialToken, registerClient, removeClient, showClient, showDeveloper } from './clients.ts'
import { beginTrial, endTrial, showClientRequests, showTrial, switchFaultOff, switchFaultOn } from './trying.ts'

/** The portal for developers. Where the sandbox leads back to comes before what is a client's name. */
export const developerRoutes = [
  showDeveloper, registerClient, giveInitialToken, endTrial, showTrial, showClient, askToChange, changeClient, askToRemove, removeClient, switchFaultOn, switchFaultOff, showClientRequests, beginTrial,
]
