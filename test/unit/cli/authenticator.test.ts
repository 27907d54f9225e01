import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { authenticatorsSchema } from '#domain/passkey/authenticators.ts'
import { addAuthenticatorCommands } from '#cli/authenticator.ts'
import { runCommand } from '#test/support/command.ts'
import { makeMaker, model } from '#test/support/attestation.ts'
import type { Authority } from '#test/support/certificates.ts'
import { entryOf, host, inDays, listOf, makeMetadataService, signList, type MetadataService } from '#test/support/metadata-service.ts'
import { temporaryFolder } from '#test/support/tmp.ts'

const other = 'ffffffff-0000-0000-0000-000000000001'

describe('the list of the FIDO Metadata Service', () => {
  let service: MetadataService
  let maker: Authority
  beforeAll(() => {
    ;[service, maker] = [makeMetadataService(), makeMaker('Khoa thu')]
  })
  afterEach(() => {
    process.exitCode = 0
  })

  /** A folder with a configuration, a root and a list in it, and the command over them. */
  async function made(payload: object = listOf([entryOf({ aaguid: model, roots: [maker] }), entryOf({ aaguid: other, roots: [maker], description: 'Khóa hỏng', reports: [{ status: 'REVOKED' }] })])) {
    const folder = temporaryFolder()
    const put = (name: string, text: string) => writeFileSync(join(folder, name), text)
    put('authenticators.json', JSON.stringify({ source: 'a test', passkeysPerAccount: 10, anchors: [] }))
    put('root.pem', service.root.cert)
    put('list.jwt', `${await signList(service, payload)}\n`)
    const eid = async (name: string, ...more: readonly string[]): Promise<string> => {
      const args = ['authenticator', name, join(folder, 'list.jwt'), ...more, '--root', join(folder, 'root.pem'), '--signer', host, '--config', folder]
      return (await runCommand((program, print) => addAuthenticatorCommands(program, { print }), ...args)).text
    }
    const config = () => authenticatorsSchema.parse(JSON.parse(readFileSync(join(folder, 'authenticators.json'), 'utf8')))
    return { folder, put, eid, config }
  }

  test('is told: each model, how it stands, and what was said of it last', async () => {
    const { eid } = await made()
    expect((await eid('list')).split('\n')).toEqual([
      `List no. 123, until ${inDays(30)}: 2 models`, `${other}   broken   REVOKED   Khóa hỏng`, `${model}   in-order   FIDO_CERTIFIED_L1   Khóa thử`,
    ])
    expect(JSON.parse(await eid('list', '--json'))).toMatchObject({ no: 123, models: [{ aaguid: other, standing: 'broken' }, { aaguid: model }] })
  })

  test('becomes anchors in the configuration, with a fingerprint for two people, whole and once', async () => {
    const { eid, config, folder } = await made()
    expect(await eid('anchors', model.toUpperCase())).toMatch(/SHA-256 ([0-9A-F]{2}:){31}[0-9A-F]{2}\nHave a second person/)
    expect(config()).toMatchObject({ list: { no: 123 }, anchors: [{ name: 'Khóa thử', aaguids: [model] }] })
    expect(await eid('anchors', model)).toBe('They were all there already.')
    expect(config().anchors).toHaveLength(1)
    expect(readdirSync(folder).toSorted()).toEqual(['authenticators.json', 'list.jwt', 'root.pem'])
  })

  test('gives nothing at all when one of the models was broken, is unknown or is none', async () => {
    const { eid, config } = await made()
    await expect(eid('anchors', model, other)).rejects.toThrow(`Nothing was written: ${other} was broken`)
    await expect(eid('anchors', model, 'ffffffff-0000-0000-0000-000000000002')).rejects.toThrow('is not in the list')
    await expect(eid('anchors', 'Khóa thử')).rejects.toThrow('is not the AAGUID of a model')
    expect(config().anchors).toEqual([])
  })

  test('that is newer tells what has to go, by its exit code too', async () => {
    const { eid, put } = await made()
    await eid('anchors', model)
    expect(await eid('check')).toContain('in order')
    expect(process.exitCode).toBeUndefined()
    put('list.jwt', await signList(service, listOf([entryOf({ aaguid: model, roots: [maker], reports: [{ status: 'FIDO_CERTIFIED' }, { status: 'USER_KEY_REMOTE_COMPROMISE' }] })], { no: 124 })))
    expect(await eid('check')).toContain(`${model}   Khóa thử   BROKEN`)
    expect(process.exitCode).toBe(1)
  })

  test('that is older than the one before, over, or of somebody else is not believed', async () => {
    const { eid, put } = await made()
    await eid('anchors', model)
    put('list.jwt', await signList(service, listOf([], { no: 122 })))
    await expect(eid('check')).rejects.toThrow('is no. 122, and authenticators.json was made with no. 123')
    put('list.jwt', await signList(service, listOf([], { no: 124, nextUpdate: inDays(-2) })))
    await expect(eid('list')).rejects.toThrow(/is over since|was made with/)
    put('list.jwt', await signList(makeMetadataService(), listOf([])))
    await expect(eid('list')).rejects.toThrow('its signer does not lead to this root')
    put('list.jwt', await signList(service, { no: 'many' }))
    await expect(eid('list')).rejects.toThrow('is no list of the FIDO Metadata Service (no)')
    put('list.jwt', 'no list')
    await expect(eid('list')).rejects.toThrow('it is not a JWT')
  })
})
