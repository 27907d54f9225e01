import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { errors, interactionPolicy } from 'oidc-provider'
import { catalogue } from '#oidc/explained/catalogue.ts'
import type { Explanation } from '#oidc/explained/explanation.ts'
import { oauthErrors } from '#oidc/errors.ts'
import { root, sources } from './source.ts'

const rows: readonly (readonly [string, Explanation])[] = Object.entries(catalogue)

/** Errors of the library that nothing here can bring about: what they belong to is switched off. */
const neverHere = new Set([
  // Dynamic registration: clients are registered by people.
  'invalid_software_statement', 'unapproved_software_statement',
  // Issuing of verifiable credentials.
  'credential_request_denied', 'invalid_credential_request', 'invalid_nonce', 'invalid_proof', 'unknown_credential_configuration', 'unknown_credential_identifier',
  // Attestation of client instances.
  'invalid_client_attestation', 'use_attestation_challenge', 'use_fresh_attestation',
  // Signed requests are on for everybody.
  'request_not_supported',
])

/** RFC 9470 §3: not ours to say, and yet what our clients hear from the APIs that take our tokens. */
const saidByApis = ['insufficient_user_authentication']

const libraryFolder = join(root, 'node_modules', 'oidc-provider', 'lib')
const library = globSync('**/*.js', { cwd: libraryFolder }).map((file) => readFileSync(join(libraryFolder, file), 'utf8'))
const ours = sources().filter(({ path }) => !path.startsWith('src/oidc/explained/')).map(({ text }) => text)
const written = [...library, ...ours].join('\n').replaceAll("\\'", "'")

/** Codes of the library's error classes that it or we ever throw, with the status of each. */
function libraryErrors(): ReadonlyMap<string, number> {
  const thrown = Object.values(errors).filter(({ name }) => new RegExp(`new (errors\\.)?${name}\\(`).test(written))
  const made = thrown.flatMap((kind) => {
    const one: unknown = Reflect.construct(kind, ['x', 'x'])
    return one instanceof errors.OIDCProviderError ? [[one.message, one.statusCode] as const] : []
  })
  return new Map(made.filter(([code]) => /^[a-z_]+$/.test(code) && code.includes('_')))
}

/** Codes that the policy of interactions tells, the library's and ours. */
function policyErrors(): readonly string[] {
  const theirs = interactionPolicy.base().flatMap(({ name, checks }) => [`${name}_required`, ...checks.map(({ error }) => error ?? '')])
  const own = ours.flatMap((text) => [...text.matchAll(/new Check\([^']*'[^']+', [^,]+, '([a-z_]+)'/g), ...text.matchAll(/CustomOIDCProviderError\('([a-z_]+)'/g)])
  return [...theirs, ...own.map(([, code = '']) => code)].filter(Boolean)
}

/** Every code that this server can answer with, from where it is written. */
export function possibleErrors(): ReadonlySet<string> {
  const theirs = [...libraryErrors().keys()].filter((code) => !neverHere.has(code))
  return new Set([...theirs, ...policyErrors(), ...Object.values(oauthErrors).map(({ error }) => error), ...saidByApis])
}

/** Descriptions of the catalogue that nobody says (any more). */
export function unsaidReasons(): readonly string[] {
  return rows.flatMap(([code, { reasons = [] }]) => reasons.filter(({ says }) => !written.includes(says)).map(({ says }) => `${code}: ${says}`))
}

/** Codes that tests expect to hear, wherever they say so. */
export function expectedErrors(tests: string): readonly string[] {
  const found = [...tests.matchAll(/\berror: '([a-z]+(?:_[a-z]+)+)'/g), ...tests.matchAll(/'error'\)?\]?\)?\.toBe\('([a-z_]+)'/g), ...tests.matchAll(/refusal\([^\n]*\.toBe\('([a-z]+(?:_[a-z]+)+)'/g), ...tests.matchAll(/\], '([a-z]+_[a-z_]+)'\],/g), ...tests.matchAll(/"error":\s*"([a-z]+(?:_[a-z]+)+)"/g)]
  return [...new Set(found.map(([, code = '']) => code))]
}

const intro = `# Errors

Made from \`src/oidc/explained\` by \`npm run docs\`; do not edit. Every error that this server tells relying parties, what it means, and what to do.

**Where errors come.** Of the authorization endpoint: at your redirect URI, as \`error\`, \`error_description\`, \`state\` and \`iss\` (for \`fapi2-ms\`
inside the signed \`response\`). Where the request names no redirect URI of yours, nothing is sent anywhere: the person sees a page with a sentence and a reference. Of all other
endpoints: as JSON.

\`\`\`json
{ "error": "invalid_client", "error_description": "audience (aud) must be the issuer, as one string", "reference": "7F3K-29QD" }
\`\`\`

\`error_description\` is in English and for the developer: log it, never show it to people, and do not branch on it. Branch on \`error\`. With the
\`reference\` we find the request in our log. UserInfo also says the error in \`WWW-Authenticate\`.

**Only once.** Codes, pushed requests, client assertions and DPoP proofs count once. After a timeout do not send the same request again: make a new assertion and a new proof; for
a code, begin a new sign-in.
`

/** `docs/relying-parties/errors.md`. */
export function errorsPage(): string {
  const status = libraryErrors()
  const lines = rows.toSorted(([a], [b]) => a.localeCompare(b)).flatMap(([code, explanation]) => section(code, explanation, status.get(code)))
  return [intro, ...lines].join('\n')
}

function section(code: string, { where, cause, remedy, reasons = [] }: Explanation, status: number | undefined): readonly string[] {
  const told = status === undefined ? '' : ` Status ${status}.`
  const table = reasons.map(({ says, remedy: then }) => `| ${says}… | ${then} |`)
  return [
    `## \`${code}\``, '',
    `*${where.join(', ')}.*${told} ${cause}`, '',
    `**What to do:** ${remedy}`, '',
    ...(table.length === 0 ? [] : ['| `error_description` begins or contains | what to do |', '|---|---|', ...table, '']),
  ]
}
