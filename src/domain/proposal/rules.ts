import { z } from 'zod'

/** `config/proposals.json`: what takes two people. */
export const proposalRulesSchema = z.strictObject({
  source: z.string(),
  /** So many proposals of one person wait at a time: what others wait for must not be hidden among them. */
  mostWaiting: z.int().min(1),
  /** A replaced client secret stays good for so long beside the new one. */
  secretOverlapDays: z.int().min(0).max(90),
  /** The new secret is collected by its proposer within so many days of the approval. */
  secretCollectDays: z.int().min(1),
})
export type ProposalRules = z.infer<typeof proposalRulesSchema>
