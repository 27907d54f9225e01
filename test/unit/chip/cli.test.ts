import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { people } from '#domain/registry/synthetic.ts'
import { addChipCommands } from '#cli/chip.ts'
import { runCommand } from '#test/support/command.ts'
import { openDesk } from '#test/support/chip-desk.ts'
import { temporaryFolder } from '#test/support/tmp.ts'

const eid = async (...args: readonly string[]): Promise<string> => (await runCommand((program, print) => addChipCommands(program, { print }), 'chip', ...args)).text

describe('a simulated card', () => {
  test('is printed as the files that a reader posts', async () => {
    const files: unknown = JSON.parse(await eid('simulate', '--country', temporaryFolder()))
    expect(Object.keys(files ?? {})).toEqual(['sod', 'dg1', 'dg2', 'dg13', 'dg14', 'dg15'])
  })

  test.each(['signs', 'agrees'])('is read to a server that trusts its country, with a chip that %s', async (kind) => {
    const folder = temporaryFolder()
    await eid('simulate', '--country', folder)
    const url = await openDesk(readFileSync(join(folder, 'trust.pem'), 'utf8'), 'a-token')
    const said: unknown = JSON.parse(await eid('simulate', '--country', folder, '--chip', kind, '--post', url, '--token', 'a-token'))
    expect(said).toMatchObject({ is: 'verified', card: { copyCheck: kind === 'signs' ? 'active' : 'chip', signer: { country: 'VN' } } })
  })

  test('of another country is not believed', async () => {
    const [folder, other] = [temporaryFolder(), temporaryFolder()]
    await eid('simulate', '--country', other)
    const url = await openDesk(readFileSync(join(other, 'trust.pem'), 'utf8'), 'a-token')
    const said: unknown = JSON.parse(await eid('simulate', '--country', folder, '--post', url, '--token', 'a-token'))
    expect(said).toMatchObject({ is: 'refused', reason: 'authority.unknown' })
  })

  test('is refused in one sentence by a server that does not know the reader', async () => {
    const folder = temporaryFolder()
    await eid('simulate', '--country', folder)
    const url = await openDesk(readFileSync(join(folder, 'trust.pem'), 'utf8'), 'a-token')
    await expect(eid('simulate', '--country', folder, '--post', url)).rejects.toThrow(/question does not take the reading \(it answers 403\)/)
  })

  test('is of whoever is named, and of nobody without a card in force', async () => {
    const folder = temporaryFolder()
    const [one, , third] = [...people({ people: 10_000, seed: 'dinh-danh' })].filter(({ card, birthDate }) => card?.kind === 'can-cuoc' && (card.expiresOn ?? '') > '2100' === false && (card.expiresOn ?? '') > new Date().toISOString() && birthDate.length === 10)
    for (const person of [one, third]) {
      const { dg1 } = z.object({ dg1: z.string() }).parse(JSON.parse(await eid('simulate', '--country', folder, '--seed', 'dinh-danh', '--number', person?.number ?? '')))
      expect(Buffer.from(dg1, 'base64').toString('latin1')).toContain(person?.number)
    }
    await expect(eid('simulate', '--country', folder, '--number', '001190000000')).rejects.toThrow('Nobody of the people of this seed has the number 001190000000')
  })

  test('keeps the keys of its country from others', async () => {
    const folder = temporaryFolder()
    await eid('simulate', '--country', folder)
    expect(statSync(join(folder, 'country.json')).mode & 0o077).toBe(0)
  })
})

describe('a trust store', () => {
  test('is told: authorities, and how old their lists are', async () => {
    const folder = temporaryFolder()
    await eid('simulate', '--country', folder)
    expect(JSON.parse(await eid('trust', join(folder, 'trust.pem'), '--json'))).toMatchObject({
      authorities: [{ country: 'VN', key: 'EC-256', inForce: true }], lists: [{ revoked: 0, inForce: true }],
    })
  })

  test.each([
    ['nothing in it', 'no PEM', /names no authority/],
    ['a certificate that is none', '-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n', /der\.\w+ \(authority\)/],
  ])('is refused with %s', async (_name, text, sentence) => {
    const file = join(temporaryFolder(), 'trust.pem')
    writeFileSync(file, text)
    await expect(eid('trust', file)).rejects.toThrow(sentence)
  })
})
