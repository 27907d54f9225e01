import { Problem } from '#kernel/problem.ts'

/** What a claim came to: whether it was the first, or that nobody knows. */
export async function heard(claim: Promise<boolean>): Promise<unknown> {
  return claim.catch((error: unknown) => (error instanceof Problem ? error.code : error))
}
