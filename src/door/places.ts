import { performance } from 'node:perf_hooks'
import { firstPlaces, placesFor, workDone } from '#domain/abuse/capacity.ts'

/** Measured over so long, and over so many answers at least. */
const [measureMilliseconds, measuredAnswers] = [1000, 20]

type Outcome = 'served' | 'turnedAway'

/** How many places there are by what a request has cost this process until now: the time in which its one thread could do nothing else. */
export function measuredPlaces(): (ended?: Outcome) => number {
  let [places, ended, since, before] = [firstPlaces, { served: 0, turnedAway: 0 }, performance.now(), performance.eventLoopUtilization()]
  return (outcome) => {
    if (outcome === undefined) return places
    ended[outcome] += 1
    if (performance.now() - since < measureMilliseconds) return places
    const [done, now] = [workDone(ended), performance.eventLoopUtilization()]
    if (done >= measuredAnswers) places = Math.round((places + placesFor((now.active - before.active) / done)) / 2)
    ;[ended, since, before] = [{ served: 0, turnedAway: 0 }, performance.now(), now]
    return places
  }
}
