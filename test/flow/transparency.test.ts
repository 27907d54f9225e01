import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { addTransparencyCommands } from '#cli/transparency.ts'
import { bringClients } from '#app/start/people.ts'
import { clientId } from '#kernel/id.ts'
import { clientMove, operator, readEntry } from '#domain/transparency/entry.ts'
import { openNote, readKeyText } from '#domain/transparency/head.ts'
import { leafHash } from '#domain/transparency/merkle.ts'
import { provesConsistency, provesInclusion } from '#domain/transparency/proof.ts'
import { appendTo } from '#storage/postgres/transparency-append.ts'
import { runCommand } from '#test/support/command.ts'
import { clientEntry } from '#test/support/made-up.ts'
import { startServer, type TestServer } from '#test/support/running.ts'
import { temporaryFolder } from '#test/support/tmp.ts'
import { at } from '#test/support/transparency.ts'

const secret = 'canary-secret-of-a-client-0123456789'
const jwks = { keys: [{ kty: 'EC', crv: 'P-256', kid: 'k', use: 'sig', x: 'A'.repeat(43), y: 'B'.repeat(43) }] }
let server: TestServer
beforeAll(async () => {
  server = await startServer({ clients: () => [clientEntry({ client_secret: secret, contacts: ['canary@example.com'], jwks })] })
})
afterAll(() => server.close())
afterEach(() => {
  process.exitCode = undefined
})

const answer = z.object({ entries: z.array(z.string()).optional(), hashes: z.array(z.string()).optional() })
const ask = (path: string, headers: Record<string, string> = {}) => fetch(`${server.issuer}/minh-bach${path}`, { headers })
const text = async (path: string) => (await ask(path)).text()
const asked = async (path: string) => answer.parse(await (await ask(path)).json())
const hashes = async (path: string) => ((await asked(path)).hashes ?? []).map((hash) => new Uint8Array(Buffer.from(hash, 'base64')))
const entries = async () => (await asked('/log/entries?from=0&to=99')).entries ?? []

async function head() {
  const key = readKeyText(await text('/log/key'))
  const found = key && openNote(await text('/log/checkpoint'), key)
  if (found === undefined) throw new Error('the log shows no head that its key signed')
  return found
}

describe('L02 the public log', () => {
  test('has every signing key of the JWKS and every client from the start, and nothing that is secret', async () => {
    const said = (await entries()).map(readEntry)
    const published = z.object({ keys: z.array(z.object({ kid: z.string() })) }).parse(await (await fetch(`${server.issuer}/jwks`)).json())
    const inLog = said.flatMap((entry) => ('key' in entry && entry.key.use === 'tokens' ? [entry.key.kid] : []))
    expect(new Set(inLog)).toEqual(new Set(published.keys.map(({ kid }) => kid)))
    expect(said.filter((entry) => 'key' in entry && entry.key.use === 'log')).toHaveLength(1)
    expect(said.at(-1)).toMatchObject({ kind: 'client.registered', subject: 'thue', client: { legal_name: { vi: 'Tổng cục Thuế' }, keys: [expect.stringMatching(/^[A-Za-z0-9_-]{43}$/)] } })
    const everything = `${(await entries()).join()}${await text('')}`
    expect(everything).not.toMatch(/canary|"d":/)
  })

  test('shows a change of a client at once, proves that it is there, and that what was before still is', async () => {
    const before = await head()
    await bringClients(server.house, [clientEntry({ redirect_uris: ['https://thue.example/moved'] })])
    const after = await head()
    expect(after.size).toBe(before.size + 1)
    const entry = (await asked(`/log/entries?from=${before.size}&to=${before.size}`)).entries?.[0] ?? ''
    expect(readEntry(entry)).toMatchObject({ kind: 'client.changed', changed: ['client_secret', 'contacts', 'jwks', 'redirect_uris'] })
    const proof = await hashes(`/log/proof?index=${before.size}&size=${after.size}`)
    expect(provesInclusion({ leaf: leafHash(entry), index: before.size, size: after.size, root: after.root, proof })).toBe(true)
    const goesOn = await hashes(`/log/proof?first=${before.size}&second=${after.size}`)
    expect(provesConsistency({ first: before, second: after, proof: goesOn })).toBe(true)
    await bringClients(server.house, [clientEntry({ redirect_uris: ['https://thue.example/moved'] })])
    expect((await head()).size).toBe(after.size)
  })

  test('may be kept by everybody, is asked for again by ETag, and knows nobody', async () => {
    for (const path of ['/log/key', '/log/checkpoint', '/log/entries?from=0&to=0', '/log/entries?from=0&to=99', '/log/proof?index=0&size=2']) {
      const response = await ask(path)
      expect(response.status).toBe(200)
      expect(response.headers.get('access-control-allow-origin')).toBe('*')
      expect(response.headers.getSetCookie()).toEqual([])
      expect(response.headers.get('cache-control')).toMatch(/^public, max-age=/)
      expect(response.headers.has('vary')).toBe(false)
      // Without the second header, fetch would add one that asks past every cache.
      const again = await ask(path, { 'if-none-match': response.headers.get('etag') ?? '', 'cache-control': 'max-age=0' })
      expect([again.status, await again.text()]).toEqual([304, ''])
    }
    const fresh = async (path: string) => (await ask(path)).headers.get('cache-control')
    expect(await fresh('/log/entries?from=0&to=0')).toContain('immutable')
    expect(await fresh('/log/entries?from=0&to=99')).toBe('public, max-age=10')
  })

  test.each([
    ['/log/entries', 400], ['/log/entries?from=1&to=0', 400], ['/log/entries?from=-1&to=0', 400], ['/log/entries?from=0&to=1&to=2', 400],
    ['/log/entries?from=0&to=1e3', 400], ['/log/entries?from=0&to=0&more=1', 400], ['/log/proof?index=0', 400], ['/log/proof?index=0&size=1&first=1&second=1', 400],
    ['/log/proof?index=5&size=5', 404], ['/log/proof?index=0&size=999999999999999', 404], ['/log/proof?first=3&second=2', 404], ['?truoc=0', 400], ['?truoc=x', 400],
  ])('answers %s with %i', async (path, status) => {
    expect((await ask(path)).status).toBe(status)
  })

  test('gives no more than a hundred entries, and its page fifty, newest first, with a way to older ones', async () => {
    const many = Array.from({ length: 120 }, (_, index) => clientMove({ client: clientId.parse(`c-${index}`), to: 'ended', by: operator, at }))
    await server.house.database.transaction((tx) => appendTo(tx, ...many))
    expect((await asked('/log/entries?from=0&to=5000')).entries).toHaveLength(100)
    const { size } = await head()
    const seen: number[] = []
    for (let path: string | undefined = ''; path !== undefined;) {
      const page: string = await text(path)
      seen.push(...[...page.matchAll(/entries\?from=(\d+)&amp;to=\1"/g)].map(([, seq]) => Number(seq)))
      path = /href="\/minh-bach(\?truoc=\d+)"/.exec(page)?.[1]
    }
    expect(seen).toEqual(Array.from({ length: size }, (_, index) => size - 1 - index))
  })

  test('has a page in both languages, which says who in words and names nobody', async () => {
    const approved = clientMove({ client: clientId.parse('thue'), to: 'suspended', by: { role: 'approver', proposal: '0199f7a0-0000-7000-8000-000000000001' }, at })
    await server.house.database.transaction((tx) => appendTo(tx, approved))
    const [vi, en] = [await (await ask('')).text(), await (await ask('', { 'accept-language': 'en' })).text()]
    expect(vi).toContain('Nhật ký minh bạch')
    expect(vi).toContain('Chấm dứt kết nối dịch vụ')
    expect(vi).toContain('Người phê duyệt, đề xuất 0199f7a0-0000-7000-8000-000000000001')
    expect(en).toContain('Transparency log')
    expect(en).toContain('Operator')
  })
})

describe('L02 eid transparency verify', () => {
  async function verify(...args: readonly string[]): Promise<{ said: string; code: typeof process.exitCode }> {
    const { text: said, code } = await runCommand(addTransparencyCommands, 'transparency', 'verify', ...args)
    return { said, code }
  }
  const copyOf = async (change: (entries: readonly string[]) => readonly string[] = (all) => all) => {
    const { size } = await head()
    const all: string[] = []
    while (all.length < size) all.push(...((await asked(`/log/entries?from=${all.length}&to=${size}`)).entries ?? []))
    return { key: await text('/log/key'), checkpoint: await text('/log/checkpoint'), entries: change(all) }
  }

  test('reads a log over HTTP without a database, remembers it, and finds it again', async () => {
    const state = join(temporaryFolder(), 'state.json')
    const first = await verify('--url', server.issuer, '--state', state)
    expect(first).toMatchObject({ code: 0, said: expect.stringContaining('remembered for the next check') })
    await bringClients(server.house, [clientEntry({ client_name: 'Thuế' })])
    const second = await verify('--url', server.issuer, '--state', state)
    expect(second).toMatchObject({ code: 0, said: expect.stringContaining('a continuation of the last check') })
    expect(JSON.parse((await verify('--url', server.issuer, '--state', state, '--json')).said)).toMatchObject({ size: (await head()).size, findings: [] })
  })

  test('accuses a copy that was changed, and remembers nothing of it', async () => {
    const folder = temporaryFolder()
    const [file, state] = [join(folder, 'copy.json'), join(folder, 'state.json')]
    writeFileSync(file, JSON.stringify(await copyOf((all) => all.with(1, '{}'))))
    expect(await verify('--file', file, '--state', state)).toMatchObject({ code: 1, said: expect.stringContaining('are not those the head signs') })
    expect(existsSync(state)).toBe(false)
    writeFileSync(file, JSON.stringify(await copyOf()))
    expect(await verify('--file', file, '--state', state)).toMatchObject({ code: 0 })
  })

  test('holds to the key it knows, or was told', async () => {
    const folder = temporaryFolder()
    const state = join(folder, 'state.json')
    await verify('--url', server.issuer, '--state', state)
    const other = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'
    await expect(verify('--url', server.issuer, '--state', state, '--key', other)).rejects.toThrow('the key is that of PeterNeumann')
    writeFileSync(state, 'not ours')
    await expect(verify('--url', server.issuer, '--state', state)).rejects.toThrow('not what an earlier check left')
    expect(readFileSync(state, 'utf8')).toBe('not ours')
    expect(process.exitCode).toBe(2)
  })

  test.each([[[]], [['--url', 'x']], [['--url', 'http://localhost:1']], [['--file', 'nowhere.json']]])('refuses %j in a sentence', async (args) => {
    await expect(verify(...args, '--state', join(temporaryFolder(), 's'))).rejects.toMatchObject({ name: 'Refusal' })
  })
})
