import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { readClient } from '#domain/client/client.ts'
import { catalogueSchema } from '#domain/consent/catalogue.ts'
import { makeKeyring } from '#keys/keyring.ts'
import { makeRingFile } from '#keys/ring-file.ts'
import { checkRegistered } from '#oidc/client/registered.ts'

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const entries = z.array(z.looseObject({ client_id: z.string(), redirect_uris: z.array(z.string()), client_secret: z.string().optional() })).parse(JSON.parse(read('examples/clients.json')))
const catalogue = catalogueSchema.parse(JSON.parse(read('config/scopes.json')))

const { jwks } = makeKeyring(await makeRingFile(new Date()))

test.each(entries)('$client_id can be registered as it stands', async (entry) => {
  const one = readClient(entry, { allowLocal: true })
  if ('fault' in one) throw new Error(one.fault)
  expect(await checkRegistered(one.client, { catalogue, jwks, mutualTls: undefined })).toBeUndefined()
})

test.each([
  ['misspelt', 'example-node', 'birthday'],
  ['beyond the profile', 'example-spa', 'vn_personal_id'],
])('a purpose with a claim that is %s is refused by name', async (_why, id, claim) => {
  const one = readClient({ ...entries.find((entry) => entry.client_id === id), purposes: [{ claims: ['name', claim], basis: 'consent', purpose: { vi: 'x', en: 'x' } }] }, { allowLocal: true })
  if ('fault' in one) throw new Error(one.fault)
  expect(await checkRegistered(one.client, { catalogue, jwks, mutualTls: undefined })).toContain(`purposes: ${claim} is no claim`)
})

test('a secret that everybody can read says so', () => {
  expect(entries.flatMap(({ client_secret: secret }) => (secret === undefined || secret.startsWith('development-only-') ? [] : [secret]))).toEqual([])
  expect(entries.filter((entry) => 'jwks' in entry)).toEqual([])
})

/** Where each example says which client it is, and the path that its answers come to. */
const sources: Record<string, readonly string[]> = {
  'example-node': ['node/app.js', 'node/sign-in.js'],
  'example-spa': ['spa/app.js', 'spa/serve.js'],
  'example-python': ['python/app.py'],
  'example-php': ['php/index.php', 'php/eid.php'],
  'example-spring': ['java-spring/src/main/resources/application.yml'],
  'example-dotnet': ['dotnet/Program.cs'],
}

describe('an example is the client that its registration names', () => {
  test.each(Object.entries(sources))('%s', (id, files) => {
    const text = files.map((file) => read(`examples/${file}`)).join('\n')
    const [uri = ''] = entries.find(({ client_id: known }) => known === id)?.redirect_uris ?? []
    expect(text).toContain(id)
    expect(text).toContain(new URL(uri).port)
  })

  test('and every example that signs people in is listed', () => {
    expect(entries.filter(({ redirect_uris: uris }) => uris.length > 0).map(({ client_id: id }) => id)).toEqual(Object.keys(sources))
  })
})
