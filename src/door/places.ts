import { performance } from 'node:perf_hooks'
import { firstPlaces, placesFor } from '#domain/abuse/capacity.ts'

/** Measured over so long, and over so many answers at least. */
const [measureMilliseconds, measuredAnswers] = [1000, 20]

/** How many places there are by what a request has cost this process until now: the time in which its one thread could do nothing else. */
export function measuredPlaces(): (answered: number) => number {
  let [places, answers, since, before] = [firstPlaces, 0, performance.now(), performance.eventLoopUtilization()]
  return (answered) => {
    answers += answered
    if (answered === 0 || performance.now() - since < measureMilliseconds) return places
    const now = performance.eventLoopUtilization()
    if (answers >= measuredAnswers) places = Math.round((places + placesFor((now.active - before.active) / answers)) / 2)
    ;[answers, since, before] = [0, performance.now(), now]
    return places
  }
}
