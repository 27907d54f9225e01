import { describe, expect, test } from 'vitest'
import { setTimeout as pause } from 'node:timers/promises'
import type { Work } from '#domain/abuse/admission.ts'
import { makeGate } from '#app/gate.ts'

const refusal = { code: 'service.crowded', detail: { retryAfter: expect.any(Number) } }

describe('R09: the gate', () => {
  test('keeps places for those who finish, and lets who waits in when one goes', async () => {
    const gate = makeGate({ places: 10 })
    const inside = await Promise.all(Array.from({ length: 7 }, () => gate.enter('beginning')))
    const order: Work[] = []
    const late = gate.enter('beginning').then((leave) => (order.push('beginning'), leave))
    const finishing = await Promise.all(Array.from({ length: 3 }, () => gate.enter('finishing')))
    const waiting = gate.enter('finishing').then((leave) => (order.push('finishing'), leave))
    inside[0]?.()
    const next = await waiting
    for (const leave of [...finishing, next]) leave()
    await late
    expect(order).toEqual(['finishing', 'beginning'])
  })

  test('a place is given back once, however often it is said', async () => {
    const gate = makeGate({ places: 1 })
    const leave = await gate.enter('finishing')
    leave()
    leave()
    await gate.enter('finishing')
    await expect(gate.enter('beginning')).rejects.toMatchObject(refusal)
  })

  test('who waits too long is refused, is out of the line, and is counted', async () => {
    const told: Work[] = []
    const gate = makeGate({ places: 1, figures: { inside: () => undefined, places: () => undefined, refused: (work) => void told.push(work) } })
    const leave = await gate.enter('finishing')
    const began = performance.now()
    await expect(gate.enter('beginning')).rejects.toMatchObject(refusal)
    expect(performance.now() - began).toBeLessThan(400)
    expect(told).toEqual(['beginning'])
    leave()
    ;(await gate.enter('beginning'))()
  })

  test('of a flood all but a line are refused at once', async () => {
    const gate = makeGate({ places: 20 })
    let refused = 0
    const outcomes = Promise.allSettled(Array.from({ length: 5000 }, async () => gate.enter('beginning').catch((error: unknown) => {
      refused += 1
      throw error
    })))
    await new Promise((turn) => void setImmediate(turn))
    expect(refused).toBe(5000 - 14 - 20)
    expect((await outcomes).filter(({ status }) => status === 'fulfilled')).toHaveLength(14)
  })

  test('tells how those fared whom the line has called, since it was last asked, and how long a request takes', async () => {
    const gate = makeGate({ places: 4 })
    const leave = await Promise.all(Array.from({ length: 4 }, () => gate.enter('finishing')))
    const refused = await Promise.allSettled([...Array.from({ length: 6 }, () => gate.enter('finishing')), gate.enter('beginning')])
    expect([refused.every(({ status }) => status === 'rejected'), gate.room()]).toEqual([true, { arrived: 10, refused: 6, places: 4, milliseconds: undefined }])
    for (const one of leave) one()
    expect([gate.room(), (gate.room().milliseconds ?? 0) > 400]).toEqual([{ arrived: 0, refused: 0, places: 4, milliseconds: expect.any(Number) }, true])
  })

  test('has places by what requests cost where nobody says how many', async () => {
    const seen: number[] = []
    const gate = makeGate({ figures: { inside: () => undefined, places: (count) => void seen.push(count), refused: () => undefined } })
    for (let answered = 0; answered < 60; answered += 1) {
      const leave = await gate.enter('finishing')
      const until = performance.now() + 25
      while (performance.now() < until) Math.sqrt(until)
      await pause(0)
      leave()
    }
    expect([seen[0], seen.at(-1)]).toEqual([64, 48])
  })
})
