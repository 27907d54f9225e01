import { spawn } from 'node:child_process'
import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { faultNames, harmless } from '#domain/sandbox/fault.ts'
import { clientsPerDeveloper } from '#domain/sandbox/developer-client.ts'
import { filled, placeOf, sampleFor, samples } from '#domain/sandbox/sample.ts'
import { open } from '#test/house/source.ts'
import { agree, fillIn } from '#test/support/citizen.ts'
import { answerOf, sandboxOf, signInAs } from '#test/support/developer.ts'
import { enrol, post, type Enrolled } from '#test/support/journey.ts'
import { makeRelyingParty } from '#test/support/relying-party.ts'
import { engines, startServer, type TestServer } from '#test/support/running.ts'
import { testClient } from '#test/support/test-clients.ts'
import type { Stop } from '#test/support/visitor.ts'

const portal = testClient({ name: 'portal' })
const redirectUri = 'http://localhost:1/app/callback'
const plain = (text: string) => text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')

function aKey() {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const named = { kid: 'made-in-a-browser', alg: 'ES256', use: 'sig' }
  return { shown: { ...publicKey.export({ format: 'jwk' }), ...named }, own: { ...privateKey.export({ format: 'jwk' }), ...named } }
}

describe.each(engines)('the portal for developers, on %s,', (engine) => {
  let server: TestServer
  let issuer: string
  let who: Enrolled
  beforeAll(async () => {
    server = await startServer({ engine, sandbox: true, clients: () => [portal.metadata] })
    issuer = sandboxOf(server).sandbox.issuer
    who = await enrol(server, await makeRelyingParty(portal.party(server.issuer)))
  }, 60_000)
  afterAll(() => server.close())

  const home = () => `${server.issuer}/nha-phat-trien`
  const idOf = (page: Stop) => page.url.pathname.split('/').at(-1) ?? ''
  const create = async (wish: Record<string, string>, by = who) =>
    fillIn(by.visitor, await by.visitor.open(home()), '/nha-phat-trien', { name: 'Ứng dụng thử', redirectUri, kind: 'secret', key: '', ...wish })

  test('a name and an address make a client that works at once, with a secret that is shown this once', async () => {
    const page = await create({})
    const secret = /<code class="mono">([\w-]{43})<\/code>/.exec(page.text)?.[1] ?? ''
    const id = idOf(page)
    expect([page.status, id, secret.length]).toEqual([200, expect.stringMatching(/^thu-/), 43])
    expect((await who.visitor.open(page.url)).text).not.toContain(secret)
    const at = await makeRelyingParty({ issuer, clientId: id, redirectUri, proof: { method: 'client_secret_basic', secret } })
    const { answer, checks } = await answerOf(at)
    expect((await at.finish(answer, checks)).claims).toMatchObject({ aud: id, iss: issuer })
  })

  test.each(['key', 'fapi2'] as const)('a client of the kind %s proves itself with a key of which we saw the public half', async (kind) => {
    const { shown, own } = aKey()
    const page = await create({ kind, key: JSON.stringify(shown) })
    const at = await makeRelyingParty({ issuer, clientId: idOf(page), redirectUri, proof: { method: 'private_key_jwt', jwk: own }, profile: kind === 'fapi2' ? 'fapi2' : 'baseline' })
    const { answer, checks } = await answerOf(at)
    expect((await at.finish(answer, checks)).claims['iss']).toBe(issuer)
  })

  test('a private key is refused, whoever sends it', async () => {
    const page = await create({ kind: 'key', key: JSON.stringify(aKey().own) })
    expect([page.status, page.url.pathname, page.text.includes('Trình duyệt chưa tạo được khóa')]).toEqual([422, '/nha-phat-trien', true])
  })

  test.each([
    [{ name: 'x' }, 'Nhập tên từ 2 đến 60 ký tự'],
    [{ name: 'a\u202Eb' }, 'Nhập tên từ 2 đến 60 ký tự'],
    [{ redirectUri: 'http://app.example/' }, 'must be https'],
    [{ redirectUri: 'https://app.example/*' }, 'characters that browsers and libraries read differently'],
    [{ redirectUri: '<script>' }, 'not an absolute URL'],
  ])('what cannot be registered says why, and keeps what was typed: %j', async (typed, reason) => {
    const page = await create(typed)
    expect([page.status, plain(page.text).includes(reason), page.text.includes('<script>')]).toEqual([422, true, false])
    for (const value of Object.values(typed)) expect(plain(page.text)).toContain(`value="${value}"`)
  })

  test('changes and ends as its developer says, and then is nobody', async () => {
    const page = await create({})
    const changed = await fillIn(who.visitor, await who.visitor.open(`${page.url.href}/sua`), '/sua', { name: 'Tên khác', redirectUri: 'https://app.example/cb' })
    expect([changed.text.includes('Tên khác'), changed.text.includes('https://app.example/cb')]).toEqual([true, true])
    const refused = await fillIn(who.visitor, await who.visitor.open(`${page.url.href}/sua`), '/sua', { name: 'Tên khác', redirectUri: 'ftp://x' })
    expect(refused.status).toBe(422)
    const gone = await fillIn(who.visitor, await who.visitor.open(`${page.url.href}/xoa`), '/xoa')
    expect([gone.url.pathname, gone.text.includes(idOf(page))]).toEqual(['/nha-phat-trien', false])
    expect((await who.visitor.open(page.url)).status).toBe(404)
    const heard = await post(`${issuer}/token`, { grant_type: 'authorization_code', code: 'x', client_id: idOf(page), client_secret: 'y' })
    expect(heard.json).toMatchObject({ error: 'invalid_client' })
  })

  test('A03: to another developer it is as good as none, at every address', async () => {
    const page = await create({})
    const other = await enrol(server, await makeRelyingParty(portal.party(server.issuer)))
    const own = await create({ name: 'Của người khác' }, other)
    for (const path of ['', '/sua', '/xoa', '/yeu-cau']) expect([path, (await other.visitor.open(`${page.url.href}${path}`)).status]).toEqual([path, 404])
    const forms: Record<string, Record<string, string>> = { sua: { name: 'Chiếm', redirectUri: 'https://evil.example/' }, xoa: {}, loi: { fault: 'slow' }, 'het-loi': {}, thu: {} }
    const { csrf = '' } = Object.fromEntries([...own.text.matchAll(/name="(csrf)" value="([^"]+)"/g)].slice(-1).map(([, name = '', value = '']) => [name, value]))
    for (const [path, fields] of Object.entries(forms)) {
      await other.visitor.submit(`${page.url.href}/${path}`, { csrf, ...fields }, own.url)
    }
    const after = await who.visitor.open(page.url)
    expect([after.status, after.text.includes('Chiếm'), after.text.includes('Đang bật')]).toEqual([200, false, false])
    expect((await who.visitor.open(home())).text).not.toContain('Của người khác')
  })

  test(`a developer has ${clientsPerDeveloper} clients at most`, async () => {
    const busy = await enrol(server, await makeRelyingParty(portal.party(server.issuer)))
    for (let count = 0; count < clientsPerDeveloper; count += 1) expect((await create({}, busy)).status).toBe(200)
    const page = await create({}, busy)
    expect([page.status, page.text.includes('Bạn đã có 20 ứng dụng thử')]).toEqual([422, true])
  }, 60_000)

  describe('"try sign-in now"', () => {
    const attempt = async (client: Stop, place = 0) => {
      const page = await fillIn(who.visitor, client, '/thu')
      return page.text.includes('/nguoi-thu') ? signInAs(who.visitor, page, place) : agree(who.visitor, page)
    }
    const failed = (page: Stop) => [...page.text.matchAll(/<th scope="row"[^>]*>([^<]*)<\/th><td[^>]*><strong class="fail">/g)].map(([, name = '']) => name)

    test.each(['secret', 'fapi2'] as const)('shows each message and each check of a %s client', async (kind) => {
      const client = await create({ kind, ...(kind === 'fapi2' && { key: JSON.stringify(aKey().shown) }) })
      const page = await attempt(client)
      expect(page.url.pathname).toMatch(/^\/nha-phat-trien\/ket-qua\//)
      expect([failed(page), page.text.includes('Mọi phép kiểm đều đạt')]).toEqual([[], true])
      for (const shown of [`${idOf(client)}.thu`, '"nonce"', '"id_token"', '"birthdate"']) expect(plain(page.text)).toContain(shown)
      expect(plain(page.text)).not.toContain('client_assertion')
    })

    const wrong: Record<string, string> = {
      'access-denied': 'Có mã đăng nhập', 'answer-iss': 'iss của câu trả lời', 'expired-code': 'Mã đổi được', 'code-used': 'Mã đổi được', 'no-kid': 'kid là khóa', 'foreign-key': 'Chữ ký đúng', unsigned: 'alg là thuật toán',
      iss: 'iss là máy chủ', aud: 'aud là ứng dụng', nonce: 'nonce là của', expired: 'exp: chưa', acr: 'acr không thấp',
    }
    test('X02: shows of each fault the very check that has to fail', async () => {
      const client = await create({})
      await attempt(client)
      for (const fault of faultNames.filter((name) => name !== 'slow')) {
        const on = await fillIn(who.visitor, await who.visitor.open(client.url), '/loi', { fault })
        expect([fault, on.text.includes('Đang bật')]).toEqual([fault, true])
        const names = failed(await attempt(on))
        expect([fault, names[0] ?? 'all is well']).toEqual([fault, expect.stringContaining(harmless.has(fault) ? 'all is well' : wrong[fault] ?? 'nothing')])
      }
      const off = await fillIn(who.visitor, await who.visitor.open(client.url), '/het-loi')
      expect([off.text.includes('Đang bật'), failed(await attempt(off))]).toEqual([false, []])
    }, 60_000)

    test('is one person\'s: an answer of somebody else, or a second time, shows nothing', async () => {
      const client = await create({})
      const page = await attempt(client)
      const other = await enrol(server, await makeRelyingParty(portal.party(server.issuer)))
      expect((await other.visitor.open(page.url)).status).toBe(404)
      const again = await who.visitor.open(`${home()}/tro-ve?state=unknown&code=x&iss=y`)
      expect([again.status, again.text.includes('đã xong hoặc quá lâu')]).toEqual([404, true])
    })

    test('is in the list of what the client asked', async () => {
      const client = await create({})
      await attempt(client)
      const page = await who.visitor.open(`${client.url.href}/yeu-cau`)
      expect([page.text.includes('Đổi mã lấy token'), page.text.includes('code_verifier')]).toEqual([true, true])
    })
  })
})

test('without a sandbox there is no portal', async () => {
  const server = await startServer({ clients: () => [portal.metadata] })
  const { visitor } = await enrol(server, await makeRelyingParty(portal.party(server.issuer)))
  expect((await visitor.open(`${server.issuer}/nha-phat-trien`)).status).toBe(404)
  await server.close()
}, 30_000)

describe('code with the values filled in', () => {
  const values = { id: 'thu-abcd-efgh', issuer: 'https://thu.example.vn', redirectUri: 'https://app.example.vn/eid/back' }

  test.each(samples.map((sample) => [sample.language, sample] as const))('%s: each word that is one client\'s is in the example, and none is left', (_language, sample) => {
    const texts = sample.files.map((file) => open(`examples/${file}`).text)
    const place = { origin: 'https://app.example.vn', port: '443', path: '/eid/back' }
    for (const [from] of sample.swaps(values, place)) expect([from, texts.some((text) => text.includes(from))]).toEqual([from, true])
    const done = texts.map((text) => filled(sample, text, values)).join('\n')
    for (const word of [values.id, values.issuer, place.path]) expect(done).toContain(word)
    for (const left of ['example-', 'development-only', 'localhost:3000']) expect(done.replaceAll(/eid-example|example\.invalid/g, '').includes(left) ? left : '').toBe('')
  })

  test.each(samples.map((sample) => [sample.language, sample] as const))('%s: is there for a client with a key and for one with a secret, and holds nothing of the other', (_language, sample) => {
    const place = placeOf(values.redirectUri)
    const whole = (kind: 'key' | 'secret') => (sampleFor(sample, kind, place)?.files ?? []).map((file) => filled(sample, open(`examples/${file}`).text, { ...values, kind })).join('\n')
    for (const [from] of sample.variant.swaps) expect([from, sample.variant.files.some((file) => open(`examples/${file}`).text.includes(from))]).toEqual([from, true])
    for (const word of [values.id, values.issuer, place.path]) for (const kind of ['key', 'secret'] as const) expect([kind, whole(kind).includes(word)]).toEqual([kind, true])
    expect([/CLIENT_SECRET/.test(whole('key')), /CLIENT_SECRET/.test(whole('secret') + (sampleFor(sample, 'secret', place)?.run ?? ''))]).toEqual([false, true])
    expect([/own-key|own_key|OwnKey|ownKey/.test(whole('key')), /own-key|own_key|OwnKey|ownKey|private_key_jwt/.test(whole('secret'))]).toEqual([true, false])
  })

  test('what the key of PHP signs is an assertion for the issuer, for a minute and once', async () => {
    const { own, shown } = aKey()
    const folder = mkdtempSync(join(tmpdir(), 'dinh-danh-php-'))
    writeFileSync(join(folder, 'own-key.json'), JSON.stringify(own))
    const program = `${open('examples/php/own_key.php').text}\n$key = new OwnKey('${join(folder, 'own-key.json')}');\nfor ($at = 0; $at < 40; $at++) echo $key->assertion('thu-a', 'https://thu.example.vn'), "\\n";`
    const { code, told } = await said(program, 'php')
    rmSync(folder, { recursive: true })
    const assertions = code === 'not here' ? [] : told.trim().split('\n')
    const read = await Promise.all(assertions.map((one) => jwtVerify(one, createPublicKey({ key: shown, format: 'jwk' }), { issuer: 'thu-a', subject: 'thu-a', audience: 'https://thu.example.vn', algorithms: ['ES256'], maxTokenAge: 60 })))
    expect(new Set(read.map(({ payload: { jti } }) => jti)).size).toBe(assertions.length)
    expect(read.every(({ protectedHeader: { kid } }) => kid === own.kid)).toBe(true)
  })

  const files = samples.flatMap((sample) => (['key', 'secret'] as const).flatMap((kind) => (sampleFor(sample, kind, placeOf(values.redirectUri))?.files ?? []).map((file) => (
    [kind, file, filled(sample, open(`examples/${file}`).text, { ...values, kind })] as const))))

  test.each(files)('is well-formed for a client by %s: %s', async (_kind, file, text) => {
    const check = Object.entries(checks).find(([ending]) => file.endsWith(ending))?.[1]
    expect(check).toBeDefined()
    expect(await check?.(text, basename(file))).toBe('')
  })
})

/** What a program says of a text that it is given to read. */
async function said(text: string, program: string, ...args: readonly string[]): Promise<{ code: unknown; told: string }> {
  const child = spawn(program, [...args], { stdio: ['pipe', 'pipe', 'pipe'] })
  let told = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (chunk: string) => (told += chunk))
  child.stdin.on('error', () => undefined).end(text)
  return new Promise((ended) => {
    child.once('close', (code) => ended({ code, told }))
    child.once('error', () => ended({ code: 'not here', told: '' }))
  })
}

const whole = ({ code, told }: { code: unknown; told: string }) => (code === 0 || code === 'not here' ? '' : told)

/** Brackets that do not close, outside of texts and comments: all that is looked at of C# here, for there is no compiler of it. */
function unclosed(text: string): string {
  const code = text.replaceAll(/\/\/.*|\$?"(?:\\.|[^"\\])*"/g, '')
  const open: string[] = []
  for (const sign of code.match(/[()[\]{}]/g) ?? []) {
    if ('([{'.includes(sign)) open.push(sign)
    else if (`${open.pop() ?? ''}${sign}`.match(/^(\(\)|\[\]|\{\})$/) === null) return `${sign} closes nothing`
  }
  return open.join('')
}

/** Every tag that opens closes, in order. */
function untagged(text: string): string {
  const open: string[] = []
  for (const [, slash, name = '', own] of text.replaceAll(/<\?.*?\?>|<!--.*?-->/gs, '').matchAll(/<(\/?)([\w.]+)[^>]*?(\/?)>/g)) {
    if (slash === '/') {
      if (open.pop() !== name) return `</${name}> closes nothing`
    } else if (own !== '/') open.push(name)
  }
  return open.join(' ')
}

/** By a reader of the language where there is one. `javac` reads all before it looks for what is imported, so what it says of the text comes alone. */
const checks: Readonly<Record<string, (text: string, name: string) => Promise<string> | string>> = {
  '.js': async (text) => whole(await said(text, process.execPath, '--input-type=module', '--check')),
  '.php': async (text) => whole(await said(text, 'php', '-l')),
  '.py': async (text) => whole(await said(text, 'python3', '-c', 'import ast, sys; ast.parse(sys.stdin.read())')),
  '.yml': (text) => text.split('\n').filter((line) => line.trim() !== '' && !/^( {2})*[\w-]+:( [^\s].*)?$/.test(line) || /: [^"'\s].*: /.test(line)).join('\n'),
  '.java': async (text, name) => {
    const folder = mkdtempSync(join(tmpdir(), 'dinh-danh-java-'))
    writeFileSync(join(folder, name), text)
    const { told } = await said('', 'javac', '-proc:none', '-d', folder, join(folder, name))
    rmSync(folder, { recursive: true, force: true })
    return told.split('\n').filter((line) => line.includes(': error: ') && !/does not exist|cannot find symbol|static import only/.test(line)).join('\n') || unclosed(text)
  },
  '.cs': unclosed,
  '.csproj': untagged,
  '.xml': untagged,
}
