import { expect, test } from 'vitest'
import { differences, grants, grantsOf, statementsOf, verbsOf } from '#storage/postgres/grants.ts'

const writes = ['insert', 'update', 'delete']
const written = (plane: 'citizen' | 'console', verbs: readonly string[] = writes) =>
  grantsOf(plane).filter(({ verb }) => verbs.includes(verb)).map(({ on }) => on)

test('A02: the plane of the citizens writes no client, key, role, decision, notice to everybody, figure or migration', () => {
  const forbidden = [
    'client', 'client_secret_issue', 'officer_role', 'officer_key', 'officer_bootstrap', 'proposal', 'signing_key_change', 'break_glass_key', 'break_glass_act', 'banner', 'named_call',
    'transparency_entry', 'transparency_node', 'person', 'person_number', 'organisation_papers_seen', 'daily_count', 'migration', 'migration_sum',
  ].map((table) => `public.${table}`)
  expect(written('citizen').filter((table) => forbidden.includes(table))).toEqual([])
  expect(forbidden.every((table) => Object.hasOwn(grants, table))).toBe(true)
  // Organisations are added by it, pending ones alone (migration 0081), and never changed.
  for (const table of ['organisation', 'organisation_representative', 'organisation_declaration']) expect(grantsOf('citizen').filter(({ on, verb }) => on === `public.${table}` && ['update', 'delete'].includes(verb))).toEqual([])
})

test('A02: the console makes nobody a passkey, a session, a consent or a grant', () => {
  const forbidden = ['passkey', 'service_session', 'consent', 'kept', 'account', 'contact', 'recovery_code', 'mandate', 'subject', 'organisation_grant'].map((table) => `public.${table}`)
  expect(written('console', ['insert']).filter((table) => forbidden.includes(table))).toEqual([])
})

test('L03: what is recorded is changed and removed by neither', () => {
  const records = ['audit_event', 'alarm', 'transparency_entry', 'transparency_node', 'transparency_head', 'signing_key_change', 'account_evidence', 'client_secret_issue', 'officer_key', 'break_glass_act', 'desk_reading'].map((table) => `public.${table}`)
  for (const plane of ['citizen', 'console'] as const) expect(written(plane, ['update', 'delete']).filter((table) => records.includes(table))).toEqual([])
})

test('verbs are read as SQL has them', () => {
  expect([verbsOf('SIUD'), verbsOf('S-H-'), verbsOf('----')]).toEqual([['select', 'insert', 'update', 'delete'], ['select', 'update (held)'], []])
  expect([verbsOf('S-C-', ['one', 'two']), verbsOf('S-C-')]).toEqual([['select', 'update (one)', 'update (two)'], ['select']])
})

test('what is lacking is given and what is too much is taken, a statement for each role and thing', () => {
  const [read, add, cut] = ['select', 'insert', 'truncate'].map((verb) => ({ role: 'r', verb, on: 't' }))
  if (read === undefined || add === undefined || cut === undefined) throw new Error('three')
  expect(statementsOf(differences([cut], [read, add]))).toEqual(['revoke truncate on t from r', 'grant select, insert on t to r'])
  expect(statementsOf(differences([read], [read]))).toEqual([])
})

test('W12: what a report of a loss closes, the console may close, for it carries it out', () => {
  expect(written('console', ['update', 'update (removed_at)'])).toEqual(expect.arrayContaining(['account', 'contact', 'passkey', 'mandate'].map((table) => `public.${table}`)))
  expect(written('console', ['delete'])).toEqual(expect.arrayContaining(['service_session', 'service_session_earlier', 'organisation_grant', 'recovery_code'].map((table) => `public.${table}`)))
})
