import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'

/** Seconds, each the top of a bucket: the aims of a page and of the protocol's answers lie within. */
const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5]

export type Answered = { surface: string; status: number; seconds: number }

/** Figures of one process for Prometheus (its text format 0.0.4). Names of surfaces are few and ours, and nothing tells of a person. */
export function makeMetrics() {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, prefix: 'eid_' })
  const answers = new Counter({ name: 'eid_answers_total', help: 'Requests answered, by place and status.', labelNames: ['place', 'status'], registers: [registry] })
  const seconds = new Histogram({ name: 'eid_answer_seconds', help: 'From the head of a request to the end of its answer.', labelNames: ['place'], buckets, registers: [registry] })
  const open = new Gauge({ name: 'eid_requests_open', help: 'Requests that are being answered.', registers: [registry] })
  const inside = new Gauge({ name: 'eid_work_inside', help: 'Requests that were let in and are worked on.', registers: [registry] })
  const places = new Gauge({ name: 'eid_work_places', help: 'How many may be, by what a request costs the processor.', registers: [registry] })
  const refused = new Counter({ name: 'eid_work_refused_total', help: 'Requests that were told to come back, by what they are part of and why.', labelNames: ['work', 'reason'], registers: [registry] })
  // Of several processes the one that is furthest away.
  const clock = new Gauge({ name: 'eid_clock_off_seconds', help: 'How far the clock is from the database, whichever way.', aggregator: 'max', registers: [registry] })
  const wrong = new Gauge({ name: 'eid_clock_wrong', help: 'Whose clock is more than ten seconds off, by the word of two of three.', labelNames: ['whose'], aggregator: 'max', registers: [registry] })
  return {
    registry,
    gate: {
      inside: (count: number) => inside.set(count),
      places: (count: number) => places.set(count),
      refused: (work: string, reason: string) => refused.inc({ work, reason }),
    },
    clock: {
      off: (seconds: number) => clock.set(Math.abs(seconds)),
      wrong: (whose: 'server' | 'database' | undefined) => {
        for (const one of ['server', 'database']) wrong.set({ whose: one }, one === whose ? 1 : 0)
      },
    },
    begun: () => open.inc(),
    ended: ({ surface, status, seconds: took }: Answered) => {
      open.dec()
      answers.inc({ place: surface, status: String(status) })
      seconds.observe({ place: surface }, took)
    },
  }
}

export type Metrics = ReturnType<typeof makeMetrics>
