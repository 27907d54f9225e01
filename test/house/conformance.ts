import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { plans } from '#test/conformance/modules.ts'
import type { Module, Plan } from '#test/conformance/plan.ts'
import { open, root } from './source.ts'

/** The text of a plan's tests; a plan all of whose modules wait has none yet. */
export function testsOf({ files }: Plan): string {
  const paths = files.map((file) => join('test', 'conformance', file))
  return paths.filter((path) => existsSync(join(root, path))).map((path) => open(path).text).join('\n')
}

/** Modules without a test of their name, and tests of modules that the table does not know or says to wait. */
export function drift({ modules }: Pick<Plan, 'modules'>, tests: string): readonly string[] {
  const tested = [...tests.matchAll(/\btest\('([^' ]+)'/g)].map(([, name = '']) => name)
  const listed = modules.filter(({ result }) => result !== 'waits' && result !== 'another variant').map(({ name }) => name)
  const twice = tested.filter((name, index) => tested.indexOf(name) !== index)
  return [
    ...listed.filter((name) => !tested.includes(name)).map((name) => `${name} has no test`),
    ...tested.filter((name) => !listed.includes(name)).map((name) => `${name} is tested but not listed`),
    ...twice.map((name) => `${name} is tested twice`),
  ]
}

/** `docs/conformance.md`: every module of every plan with its result. */
export function conformancePage(): string {
  return [
    '# Conformance',
    '',
    'Made from `test/conformance/modules.ts` by `npm run docs`; do not edit. The certification plans of the OpenID Foundation, ported module by',
    'module: each line is a test of that name in `test/conformance`, with openid-client, oauth4webapi and jose on the other side. Names, order and',
    'what is asked were read in the sources of the Foundation’s conformance suite. A test of ours is not a certificate: these are our own readings.',
    'The copy of the Basic plan that was read has `oidcc-ensure-other-scope-order-succeeds` where reports of newer runs have',
    '`oidcc-alternate-happy-flow`; the newer one asks for the same and more, and is the one here.',
    'Modules of the FAPI 2.0 plans came and went from one revision of the suite to the next, as `ensure-invalid-client-assertions-fail` took over',
    'from others; all that were found are here. The TLS versions and ciphers that its happy flow looks at are the proxy’s, and are not tested here.',
    '',
    '**Variants.** The FAPI 2.0 plans run in the variant that new clients get (`private_key_jwt`, DPoP, `plain_fapi`, `openid_connect`), unsigned for the',
    'Security Profile, with signed requests and answers (JAR, JARM) for Message Signing. The happy flow and the modules on keys and clients at the token',
    'endpoint run with each of `private_key_jwt` and `mtls` to prove the client and each of DPoP and `mtls` to bind the token.',
    '',
    'Whoever asks at a counter signs what it asks, in both FAPI profiles (FAPI-CIBA §5.2.2). The FAPI-CIBA plan runs with `fapi2-ms` clients and tokens bound to certificates:',
    '`poll` and `ping`, each of `private_key_jwt` and `mtls` where the plan tells them apart. Thirteen more modules of its ConnectID profile were not read by name.',
    '',
    '**Differences.** PKCE is required of every client here (P04), so every request of the tests carries it. The Foundation’s suite, as read,',
    'sends PKCE in one module of the OpenID Connect plans only; run against this server as it is, the others end in `invalid_request`. A `binding_message` is',
    'required at a counter (FAPI-CIBA §5.2.2 no. 3 leaves that open) so every request of the FAPI-CIBA tests carries one; the suite, as read, sends it in two modules only.',
    '',
    '| result | means |',
    '|---|---|',
    '| passed | the test asserts what the module does |',
    '| warning | passed, with a remark by the suite that does not stand in the way of certification |',
    '| not applicable | the suite skips it for a provider like this one; the test proves why |',
    '| stricter | refused here by policy; the test proves it |',
    '| waits | the feature is not there yet |',
    '| another variant | of other ecosystems or options; the suite leaves it out, and so do we |',
    '',
    ...plans.flatMap(section),
  ].join('\n')
}

function section({ name, profile, files, modules }: Plan): readonly string[] {
  return [
    `## ${profile}`,
    '',
    `\`${name}\`, ${totals(modules)}: ${files.map((file) => `\`test/conformance/${file}\``).join(', ')}.`,
    '',
    '| module | asks for | result |',
    '|---|---|---|',
    ...modules.map(({ name: module, asks, result, because }) => `| \`${module}\` | ${asks} | ${result}${because === undefined ? '' : `: ${because}`} |`),
    '',
  ]
}

function totals(modules: readonly Module[]): string {
  const counts = Map.groupBy(modules, ({ result }) => result)
  return [`${modules.length} module${modules.length === 1 ? '' : 's'}`, ...[...counts].map(([result, all]) => `${all.length} ${result}`)].join(', ')
}
