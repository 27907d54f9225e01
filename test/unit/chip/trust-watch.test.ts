import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished, expect, test } from 'vitest'
import { z } from 'zod'
import { makeLog } from '#observe/log.ts'
import { readTrust } from '#app/environment/chip.ts'
import { startTrustWatch } from '#app/trust-watch.ts'
import { pemOf } from '#chip/pem.ts'
import { chipProver } from '#chip/prover.ts'
import { certify, isAuthority, revocationList, subjectKey, usages } from '#chip/synthetic/certificate.ts'
import { makeCountry } from '#chip/synthetic/card.ts'
import { trustOf } from '#chip/synthetic/kept.ts'
import { holdTrust } from '#chip/trust.ts'
import { isDoubtful } from '#domain/desk/doubt.ts'
import { at, days, makeWorld, rules } from '#test/support/chip.ts'
import { temporaryFolder } from '#test/support/tmp.ts'

const country = makeCountry({ at })
const world = makeWorld({ country })
const listed = (revoked: readonly number[], [from, until]: readonly [Date, Date] = [at, days(80)]) =>
  pemOf('CERTIFICATE', country.authorityCertificate) + pemOf('X509 CRL', revocationList({ issuer: country.authority, from, until, revoked }))

const said = z.object({ level: z.string(), msg: z.string() })

function watched() {
  const file = join(temporaryFolder(), 'trust.pem')
  writeFileSync(file, trustOf(country))
  const read = readTrust(trustOf(country))
  if (read.is !== 'trust') throw new Error(read.what)
  const held = holdTrust(read.trust)
  const lines: { level: string; msg: string }[] = []
  let now = at
  const log = makeLog({ level: 'info', to: { write: (line: string) => void lines.push(said.parse(JSON.parse(line))) } })
  const watch = startTrustWatch({ file, held, clock: { now: () => now }, log })
  onTestFinished(() => watch.stop())
  const chip = chipProver(held.now, rules)
  /** What a running server says of the card now. */
  const judge = async (when: Date = now) => {
    now = when
    await watch.look()
    const asked = chip.ask(undefined)
    if (asked.is === 'refused') throw new Error(asked.reason)
    const proved = chip.prove(world.files, { secret: asked.secret, answer: world.answer(asked.question), at: now })
    return proved.is === 'refused' ? proved.reason : proved.is
  }
  return { file, judge, errors: () => lines.filter(({ level }) => level === 'error').map(({ msg }) => msg) }
}

test('a signer that is revoked while the server runs is believed no more, by whatever way the list comes', async () => {
  const { file, judge, errors } = watched()
  expect(await judge()).toBe('proved')
  writeFileSync(file, listed([country.signerSerial]))
  expect(await judge()).toBe('signer.revoked')
  writeFileSync(file, listed([]))
  expect(await judge()).toBe('proved')
  writeFileSync(`${file}.new`, listed([country.signerSerial]))
  renameSync(`${file}.new`, file)
  expect([await judge(), errors()]).toEqual(['signer.revoked', []])
})

test('a list whose next one is due stops all readings, whether or not anything was changed, and a newer one lets them go on', async () => {
  const { file, judge, errors } = watched()
  expect(await judge(days(70))).toBe('proved')
  expect([await judge(days(80)), await judge(days(81))]).toEqual(['crl.outdated', 'crl.outdated'])
  expect(errors()).toEqual([expect.stringContaining('no card of these authorities is believed')])
  writeFileSync(file, listed([], [days(79), days(150)]))
  expect(await judge(days(81))).toBe('proved')
})

test('an authority whose certificate has ended is told of, speaks against nobody’s card, and is believed again by a newer certificate of the same key beside the old', async () => {
  const { file, judge, errors } = watched()
  const { authority } = country
  const anchor = ([from, until]: readonly [Date, Date]) =>
    certify({ subject: authority, issuer: authority, serial: 1, from, until, extensions: [usages.authority, isAuthority, subjectKey(authority.keyId)] })
  const anchored = (...periods: readonly (readonly [Date, Date])[]) => periods.map((period) => pemOf('CERTIFICATE', anchor(period))).join('') + pemOf('X509 CRL', country.revocations)
  const old = [days(-400), days(-1)] as const
  const newer = [days(-1), days(400)] as const
  writeFileSync(file, anchored(old, newer))
  expect([await judge(), errors()]).toEqual(['proved', []])
  writeFileSync(file, anchored(old))
  expect([await judge(), await judge()]).toEqual(['authority.expired', 'authority.expired'])
  expect(errors()).toEqual([expect.stringContaining('no certificate of an authority is in force')])
  writeFileSync(file, anchored([days(1), days(400)]))
  const reason = 'authority.not-yet-valid'
  expect(await judge()).toBe(reason)
  expect([isDoubtful(reason), isDoubtful('authority.expired'), isDoubtful('signer.expired')]).toEqual([false, false, true])
  writeFileSync(file, anchored(old, newer))
  expect(await judge()).toBe('proved')
})

test('a file that is torn, empty, of nobody or gone changes nothing, and is told once; the lists end on their day all the same', async () => {
  const { file, judge, errors } = watched()
  expect(await judge()).toBe('proved')
  for (const text of ['', 'x', listed([]).slice(0, 300), pemOf('X509 CRL', country.revocations)]) {
    writeFileSync(file, text)
    expect([await judge(), await judge()]).toEqual(['proved', 'proved'])
  }
  rmSync(file)
  expect([await judge(), await judge()]).toEqual(['proved', 'proved'])
  expect(errors().length).toBe(5)
  expect(await judge(days(80))).toBe('crl.outdated')
  writeFileSync(file, listed([], [days(79), days(150)]))
  expect(await judge(days(80))).toBe('proved')
})
