import { globSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { readClient } from '#domain/client/client.ts'
import { organisationCode } from '#domain/organisation/organisation.ts'
import { catalogueSchema } from '#domain/consent/catalogue.ts'
import { detailFault } from '#domain/consent/details.ts'
import { makeKeyring } from '#keys/keyring.ts'
import { makeRingFile } from '#keys/ring-file.ts'
import { checkRegistered } from '#oidc/client/registered.ts'
import { catalogue as errors } from '#oidc/explained/catalogue.ts'
import { claimsFault } from '#oidc/request/claims.ts'
import { claimsPage } from '#test/house/claims-page.ts'
import { blocks, deadLinks, pagesForParties, type Block } from '#test/house/pages.ts'
import { open, root } from '#test/house/source.ts'

const pages = pagesForParties()
const all = pages.flatMap(blocks)
const { jwks } = makeKeyring(await makeRingFile(new Date()))
const catalogue = catalogueSchema.parse(JSON.parse(open('config/scopes.json').text))
console.log(`pages for relying parties: ${pages.length} read, ${all.length} blocks of code`)

/** Programs that tests run, and their registrations. */
const run = globSync('examples/**/*.{js,py,php,json,html}', { cwd: root, exclude: ['**/node_modules/**'] }).map((file) => open(file).text).join('\n')

/** Languages whose blocks are shown and not run: commands, and configuration of other programs. */
const shown = new Set(['sh', 'nginx'])

const has = (...members: readonly string[]) => (value: unknown) => typeof value === 'object' && value !== null && members.some((member) => member in value)
const list = z.array(z.unknown()).catch([])

/** An entry for trying names addresses of this machine, which only a server on this machine takes. */
const isLocal = (entry: unknown) => JSON.stringify(entry).includes('"http://localhost:')

async function clientFault(entry: unknown): Promise<string | undefined> {
  const read = readClient(entry, { allowLocal: isLocal(entry) })
  return 'fault' in read ? read.fault : checkRegistered(read.client, { catalogue, jwks, mutualTls: undefined })
}

/** What a service hears where somebody acts for another: test/flow/acting.test.ts. */
const acted = z.strictObject({ sub: z.string(), act: z.strictObject({ sub: z.string() }), vn_acting_for: z.strictObject({ sub: z.string(), as: z.enum(['parent', 'guardian']) }) })

/** And where somebody acts in the name of an organisation: test/flow/organisations.test.ts. */
const inName = z.strictObject({ sub: z.string(), vn_org_id: organisationCode, vn_org_name: z.string(), vn_org_role: z.string(), vn_acting_for: z.strictObject({ vn_org_id: organisationCode, as: z.string() }) })

/** Why an example in JSON is not what a program could send or hear, or `undefined`. */
async function jsonFault(text: string): Promise<string | undefined> {
  const value: unknown = JSON.parse(text)
  if (has('userinfo', 'id_token')(value)) return claimsFault(value)
  if (has('error')(value)) return z.looseObject({ error: z.enum(Object.keys(errors)) }).safeParse(value).error?.message
  if (has('vn_org_id')(value)) return inName.safeParse(value).error?.message
  if (has('act')(value)) return acted.safeParse(value).error?.message
  const entries = list.parse(value)
  if (entries.length > 0 && entries.every(has('client_id'))) return (await Promise.all(entries.map(clientFault))).find((fault) => fault !== undefined)
  if (entries.length > 0 && entries.every(has('type'))) return entries.map(detailFault).find((fault) => fault !== undefined)
  return 'nobody knows what this is'
}

async function blockFault({ language, text }: Block): Promise<string | undefined> {
  if (shown.has(language) || run.includes(text.trimEnd())) return undefined
  return language === 'json' ? jsonFault(text) : 'stands in no program that is run'
}

describe('the pages for relying parties', () => {
  test('show no code but what is run by a test or read by the server', async () => {
    expect(all.length).toBeGreaterThan(10)
    const faults = await Promise.all(all.map(async (block) => ({ page: block.page, fault: await blockFault(block), text: block.text.slice(0, 80) })))
    expect(faults.filter(({ fault }) => fault !== undefined)).toEqual([])
  })

  test('lead nowhere that is not there', () => {
    const every = globSync(['*.md', 'docs/**/*.md', 'examples/**/README.md'], { cwd: root, exclude: ['**/node_modules/**'] }).map(open)
    expect(every.flatMap((page) => deadLinks(page).map((link) => `${page.path}: ${link}`))).toEqual([])
    expect(deadLinks({ path: 'docs/x.md', text: '[a](nowhere.md) [b](#none) [c](https://example.com)' })).toEqual(['nowhere.md', '#none'])
  })

  test('have the table of claims that the configuration makes: after a change, npm run docs', () => {
    const { text } = open('docs/relying-parties/claims.md')
    expect(text).toBe(claimsPage(text))
  })

  test('keep those of the examples short', () => {
    expect(pages.filter(({ path, text }) => path.startsWith('examples/') && text.split('\n').length > 42).map(({ path }) => path)).toEqual([])
  })
})
