import { expect, test } from 'vitest'
import { admit, afterCall, calm, type Circuit } from '#domain/abuse/circuit.ts'

const failed = (times: number, from: Circuit = calm, now = 0) => Array.from({ length: times }).reduce<Circuit>((circuit) => afterCall(circuit, 'failed', now), from)

test('P20: four failures in a row are borne, the fifth opens the circuit', () => {
  expect(admit(failed(4), 0).may).toBe(true)
  expect(admit(failed(5), 0).may).toBe(false)
})

test('P20: an answer in between makes the count begin anew', () => {
  const answered = afterCall(failed(4), 'answered', 0)
  expect(admit(failed(4, answered), 0).may).toBe(true)
})

test('P20: after its rest an open circuit lets one call through at a time', () => {
  const first = admit(failed(5), 5000)
  expect([first.may, admit(first.next, 5000).may]).toEqual([true, false])
  expect(admit(failed(5), 4999).may).toBe(false)
})

test('P20: a probe that is answered closes the circuit, one that fails doubles the rest, up to five minutes', () => {
  const probing = admit(failed(5), 5000).next
  expect(afterCall(probing, 'answered', 5000)).toEqual(calm)
  expect(afterCall(probing, 'failed', 5000)).toEqual({ failures: 6, restsUntil: 15_000, probing: false })
  expect(failed(60).restsUntil).toBe(300_000)
  expect(failed(5000).restsUntil).toBe(300_000)
})
