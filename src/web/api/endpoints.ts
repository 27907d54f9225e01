import { listClients, readClient, suspendClient } from './clients.ts'
import { listProposals, makeProposal, readProposal, withdrawProposal } from './proposals.ts'
import { listRoles } from './roles.ts'

/** Every act of the API. What is not in this list does not exist, and the OpenAPI document is made from it. */
export const endpoints = [
  listClients, readClient, suspendClient,
  listProposals, readProposal, makeProposal, withdrawProposal,
  listRoles,
]
