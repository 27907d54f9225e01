import { describe, expect, test } from 'vitest'
import { setTimeout as pause } from 'node:timers/promises'
import type { Work } from '#domain/abuse/admission.ts'
import { makeGate } from '#app/gate.ts'

const somebody = ['10.0.0']
const refusal = { code: 'service.crowded', detail: { retryAfter: expect.any(Number) } }

describe('R09: the gate', () => {
  test('keeps places for those who finish, and lets who waits in when one goes', async () => {
    const gate = makeGate({ places: 10 })
    const inside = await Promise.all(Array.from({ length: 4 }, () => gate.enter('beginning', somebody)))
    const order: Work[] = []
    const late = gate.enter('beginning', somebody).then((leave) => (order.push('beginning'), leave))
    const finishing = await Promise.all(Array.from({ length: 4 }, () => gate.enter('finishing', somebody)))
    const waiting = gate.enter('finishing', somebody).then((leave) => (order.push('finishing'), leave))
    inside[0]?.()
    const next = await waiting
    for (const leave of [...finishing, next]) leave()
    await late
    expect(order).toEqual(['finishing', 'beginning'])
  })

  test('a place is given back once, however often it is said', async () => {
    const gate = makeGate({ places: 1 })
    const leave = await gate.enter('finishing', somebody)
    leave()
    leave()
    await gate.enter('finishing', somebody)
    await expect(gate.enter('beginning', somebody)).rejects.toMatchObject(refusal)
  })

  test('who waits too long is refused, is out of the line, and is counted', async () => {
    const told: Work[] = []
    const gate = makeGate({ places: 1, figures: { inside: () => undefined, places: () => undefined, refused: (work) => void told.push(work) } })
    const leave = await gate.enter('finishing', somebody)
    const began = performance.now()
    await expect(gate.enter('beginning', somebody)).rejects.toMatchObject(refusal)
    expect(performance.now() - began).toBeLessThan(400)
    expect(told).toEqual(['beginning'])
    leave()
    ;(await gate.enter('beginning', somebody))()
  })

  test('of a flood all but a line are refused at once', async () => {
    const gate = makeGate({ places: 20 })
    let refused = 0
    const outcomes = Promise.allSettled(Array.from({ length: 5000 }, async () => gate.enter('beginning', somebody).catch((error: unknown) => {
      refused += 1
      throw error
    })))
    await new Promise((turn) => void setImmediate(turn))
    expect(refused).toBe(5000 - 8 - 20)
    expect((await outcomes).filter(({ status }) => status === 'fulfilled')).toHaveLength(8)
  })

  test('tells how those fared whom the line has called, since it was last asked, and how long a request takes', async () => {
    const gate = makeGate({ places: 4 })
    const leave = await Promise.all(Array.from({ length: 4 }, () => gate.enter('finishing', somebody)))
    const refused = await Promise.allSettled([...Array.from({ length: 6 }, () => gate.enter('finishing', somebody)), gate.enter('beginning', somebody)])
    expect([refused.every(({ status }) => status === 'rejected'), gate.room()]).toEqual([true, { arrived: 10, refused: 6, places: 4, milliseconds: undefined }])
    for (const one of leave) one()
    expect([gate.room(), (gate.room().milliseconds ?? 0) > 400]).toEqual([{ arrived: 0, refused: 0, places: 4, milliseconds: expect.any(Number) }, true])
  })

  test('a flood from one network takes no place from the others of its kind', async () => {
    const gate = makeGate({ places: 20 })
    const leaving: (() => void)[] = []
    const flood = Promise.allSettled(Array.from({ length: 200 }, async () => void leaving.push(await gate.enter('claimed', ['203.0.113']))))
    await pause(0)
    const others = Promise.all(Array.from({ length: 5 }, (_, at) => gate.enter('claimed', [`198.51.${at}`])))
    for (let each = 0; each < 5; each += 1) leaving.shift()?.()
    expect(await others).toHaveLength(5)
    for (const leave of leaving) leave()
    await flood
  })

  test('has places by what requests cost where nobody says how many', async () => {
    const seen: number[] = []
    const gate = makeGate({ figures: { inside: () => undefined, places: (count) => void seen.push(count), refused: () => undefined } })
    for (let answered = 0; answered < 60; answered += 1) {
      const leave = await gate.enter('finishing', somebody)
      const until = performance.now() + 25
      while (performance.now() < until) Math.sqrt(until)
      await pause(0)
      leave()
    }
    expect([seen[0], seen.includes(48)]).toEqual([64, true])
  })
})
