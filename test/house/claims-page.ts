import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { catalogueSchema, type Attribute } from '#domain/consent/catalogue.ts'
import { root } from './source.ts'

const catalogue = catalogueSchema.parse(JSON.parse(readFileSync(join(root, 'config', 'scopes.json'), 'utf8')))

const [begin, end] = ['<!-- made from config/scopes.json by npm run docs -->\n', '<!-- end -->']

/** `docs/relying-parties/claims.md` with its table as the configuration has it now; the rest is as it was written. */
export function claimsPage(page: string): string {
  const [before, after] = [page.indexOf(begin), page.indexOf(end)]
  if (before < 0 || after < before) throw new Error('claims.md has lost the marks of its table')
  return page.slice(0, before) + begin + table() + page.slice(after)
}

function table(): string {
  const head = ['| what people read | claims | scope | Law on Identification, Article 9 | verified | `baseline` |', '|---|---|---|---|---|---|']
  return [...head, ...catalogue.attributes.map(row), ''].join('\n')
}

function row({ claims, label, register, baseline }: Attribute): string {
  const scopes = Object.entries(catalogue.scopes).filter(([, named]) => claims.some((claim) => named.includes(claim))).map(([scope]) => `\`${scope}\``)
  const verified = claims.filter((claim) => catalogue.verified.includes(claim)).length
  return `| ${[
    `${label.en} (${label.vi})`,
    claims.map((claim) => `\`${claim}\``).join(' '),
    scopes.join(' ') || 'by the `claims` parameter',
    register ?? '–',
    verified === claims.length ? 'yes' : verified === 0 ? 'no' : 'in part',
    baseline ? 'yes' : 'no',
  ].join(' | ')} |`
}
