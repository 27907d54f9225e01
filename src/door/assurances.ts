import { assuredPerSecond, workKinds, type Work } from '#domain/abuse/admission.ts'

/** How many of each kind may go to what is kept for it: as many as come together in a second, and no more, however long nobody came (a token bucket). */
export function makeAssurances() {
  const buckets = new Map(workKinds.map((work) => [work, { left: 1, since: performance.now() }]))
  const of = (work: Work) => buckets.get(work) ?? { left: 0, since: 0 }
  return {
    left(work: Work, places: number): number {
      const bucket = of(work)
      const perSecond = assuredPerSecond(work, places)
      const at = performance.now()
      bucket.left = Math.min(Math.max(1, perSecond), bucket.left + ((at - bucket.since) / 1000) * perSecond)
      bucket.since = at
      return Math.floor(bucket.left)
    },
    spend: (work: Work): void => void (of(work).left -= 1),
  }
}
