import type { OnePlane } from '#kernel/plane.ts'

/** The roles of the database. Nobody signs in as one of them: the users of the processes are in them (docs/administration.md). */
export const roles = { citizen: 'eid_citizen', console: 'eid_console' } as const satisfies Record<OnePlane, string>

/**
 * Select, insert, update, delete. `H` may hold a row and write nothing into it (migration 0057), `C` writes the columns that `columns` names. Nobody
 * truncates, whatever stands here.
 */
export type Verbs = `${'S' | '-'}${'I' | '-'}${'U' | 'C' | 'H' | '-'}${'D' | '-'}`

/**
 * Which plane may do what with each table (A02, L03); a table that does not stand here is nobody's but its owner's. Of people, accounts and what
 * they hold the citizens' plane writes what a person does themselves; of clients, keys, roles, decisions and the public log it writes nothing.
 * The console adds nobody's passkey, consent or session. Records grow, and are neither changed nor removed by either.
 */
export const grants = {
  //                                         citizen  console
  // The registry and the business register: extracts come in as the owner (`eid registry import`).
  'public.person':                          ['S-H-', 'S---'],
  'public.person_number':                   ['S---', 'S---'],
  'public.person_passport':                 ['S---', 'S---'],
  'public.court_day':                       ['S---', 'S--D'],
  // What is in no register is declared by its representative, and pending until an officer issues its account (migration 0081).
  'public.organisation':                    ['SIH-', 'S-C-'],
  'public.organisation_representative':     ['SI--', 'S---'],
  'public.organisation_declaration':        ['SI--', 'S---'],
  'public.organisation_papers_seen':        ['S---', 'SI--'],
  // Accounts and what opens them.
  'public.account':                         ['SIU-', 'S-U-'],
  'public.account_lock':                    ['SIUD', 'SIUD'],
  'public.account_evidence':                ['SI--', 'S---'],
  'public.contact':                         ['SIU-', 'S-U-'],
  'public.passkey':                         ['SIC-', 'S-C-'],
  'public.officer_key':                     ['S---', 'SI--'],
  'public.recovery_code':                   ['SIUD', 'S--D'],
  'public.subject':                         ['SI--', 'S---'],
  'public.consent':                         ['SI--', 'S---'],
  'public.notice':                          ['SI--', 'SI--'],
  'public.notice_delivery':                 ['SI--', 'SIU-'],
  // Accounts of organisations and who acts in their name.
  'public.organisation_application':        ['SIU-', 'S-U-'],
  'public.organisation_consent':            ['SI--', 'S---'],
  'public.organisation_account':            ['S-U-', 'SIU-'],
  'public.organisation_lock':               ['S---', 'S---'],
  'public.organisation_grant':              ['SIU-', 'S--D'],
  'public.organisation_choice':             ['SIU-', '----'],
  'public.mandate':                         ['SIU-', 'S-U-'],
  // What a sign-in opens, and what closes it.
  'public.service_session':                 ['SIUD', 'S--D'],
  'public.service_session_earlier':         ['SI-D', 'S--D'],
  'public.kept':                            ['SIUD', 'S--D'],
  // The desk: an officer opens and confirms, the person finishes on their own phone.
  'public.desk_application':                ['S-C-', 'SIU-'],
  'public.desk_code':                       ['S-C-', 'SIU-'],
  'public.desk_reader':                     ['----', 'SIU-'],
  'public.desk_reading':                    ['S---', 'SI--'],
  'public.desk_doubt_end':                  ['S---', 'SI--'],
  // Services.
  'public.client':                          ['S---', 'SIU-'],
  'public.client_secret_issue':             ['----', 'SI--'],
  'public.connection':                      ['SIU-', 'S-U-'],
  'public.connection_overdue':              ['----', 'SI--'],
  'public.expiry_letter':                   ['----', 'SI--'],
  'public.key_set_letter':                  ['----', 'SI--'],
  // Who runs the system, and what two of them decide.
  'public.officer_role':                    ['S---', 'SIU-'],
  'public.officer_bootstrap':               ['----', '----'],
  'public.proposal':                        ['S---', 'SIU-'],
  'public.named_call':                      ['----', 'SIUD'],
  'public.break_glass_key':                 ['----', 'S---'],
  'public.break_glass_act':                 ['----', 'S---'],
  'public.banner':                          ['S---', 'SIU-'],
  // Keys and the public log. A head says what is there, and is signed by whoever is asked for it.
  'public.signing_key_change':              ['S---', 'SI--'],
  'public.node':                            ['SIUD', 'SIUD'],
  'public.transparency_entry':              ['S---', 'SI--'],
  'public.transparency_node':               ['S---', 'SI--'],
  'public.transparency_head':               ['SI--', 'SI--'],
  // The log of record.
  'public.audit_event':                     ['SI--', 'SI--'],
  'public.alarm':                           ['SI--', 'SI--'],
  // Of releases before this was read from the log.
  'public.told_once':                       ['----', '----'],
  'public.told_problem':                    ['SI--', 'SI-D'],
  // Figures: every process adds to some, the console counts and sweeps.
  'public.daily_count':                     ['S---', 'SIU-'],
  'public.hourly_count':                    ['S---', 'SIUD'],
  'public.province_count':                  ['S---', 'SIU-'],
  'public.account_count':                   ['S---', 'SI-D'],
  'public.counted':                         ['S---', 'S-U-'],
  'public.fault_count':                     ['SIU-', 'SIUD'],
  'public.client_mark':                     ['SIU-', 'SIU-'],
  'public.answer_time':                     ['SIU-', 'SIUD'],
  'public.key_set_caller':                  ['SIUD', 'SIUD'],
  'public.key_set_fetch':                   ['SIU-', 'SIUD'],
  'public.key_set_watch':                   ['S---', 'S---'],
  // What the owner keeps of migrations; each start looks whether they were made.
  'public.migration':                       ['----', '----'],
  'public.migration_lock':                  ['----', '----'],
  'public.migration_sum':                   ['S---', 'S---'],
  // Jobs: the citizens' plane puts them in, the console carries them out.
  'job.job':                                ['SI--', 'SIUD'],
  'job.job_common':                         ['SI--', 'SIUD'],
  'job.job_dependency':                     ['----', 'SIUD'],
  'job.queue':                              ['S---', 'SIU-'],
  'job.queue_stats':                        ['----', 'S---'],
  'job.schedule':                           ['S---', 'S-U-'],
  'job.subscription':                       ['----', 'S---'],
  'job.version':                            ['S---', 'S-U-'],
  'job.bam':                                ['----', 'S-U-'],
  'job.instance':                           ['----', 'SIUD'],
  'job.warning':                            ['----', 'SI-D'],
} as const satisfies Record<string, readonly [citizen: Verbs, console: Verbs]>

/**
 * What may be written where not all of a row may. Of a passkey: that it was used, its name, and that it ended; never what makes it somebody's. Of a desk the
 * citizens' plane writes who typed a code and that it is done; what an officer saw, of whom, and that the numbers are the same, the console alone (migration 0071).
 */
export const columns: Readonly<Record<string, Readonly<Partial<Record<OnePlane, readonly string[]>>>>> = {
  'public.passkey': {
    citizen: ['backed_up', 'counter', 'last_used_at', 'name', 'recovered', 'removed_at', 'set_aside'],
    console: ['backed_up', 'counter', 'last_used_at', 'removed_at', 'set_aside'],
  },
  'public.organisation': { console: ['held', 'pending'] },
  'public.desk_application': { citizen: ['decided_at', 'state'] },
  'public.desk_code': { citizen: ['browser', 'ended', 'expires_at', 'number'] },
}

/** The other columns of these tables: nobody writes them but with the row. What stands in neither list is of a later release. */
export const unwritten: Readonly<Record<string, readonly string[]>> = {
  'public.passkey': ['aaguid', 'account_id', 'backup_eligible', 'created_at', 'hardware_bound', 'id', 'public_key', 'transports'],
  'public.organisation': ['address', 'code', 'confirmed_at', 'foreign_name', 'id', 'name', 'source_version', 'state', 'tax_code'],
  'public.desk_application': [
    'account_id', 'badge', 'biometrics_missing', 'case_number', 'commune', 'desk', 'due_on', 'grant_id', 'id', 'kept_contacts', 'officer', 'overdue_at', 'person_id', 'purpose',
    'received_at', 'reference', 'refusal', 'seen', 'worked_at',
  ],
  'public.desk_code': ['application_id', 'confirmed_at', 'hash', 'sealed', 'session'],
}

/** Where the tables are. */
export const schemas = ['public', 'job'] as const

/** What one role may do with one thing: `select` of a table, `update (held)` of it, `usage` of a schema. */
export type Grant = { role: string; verb: string; on: string }

const words = { S: 'select', I: 'insert', U: 'update', H: 'update (held)', D: 'delete' } as const
const isWord = (letter: string): letter is keyof typeof words => Object.hasOwn(words, letter)

/** The verbs of one cell of the table, as SQL has them. */
export function verbsOf(verbs: Verbs, written: readonly string[] = []): readonly string[] {
  return [...verbs].flatMap((letter) => (letter === 'C' ? written.map((column) => `update (${column})`) : isWord(letter) ? [words[letter]] : []))
}

/** What one plane may do, by the table. */
export function grantsOf(plane: OnePlane): readonly Grant[] {
  const role = roles[plane]
  const ofTables = Object.entries(grants).flatMap(([table, [citizen, console]]) =>
    verbsOf(plane === 'citizen' ? citizen : console, columns[table]?.[plane]).map((verb) => ({ role, verb, on: table })))
  return [...schemas.map((schema) => ({ role, verb: 'usage', on: `schema ${schema}` })), ...ofTables]
}

const nameOf = ({ role, verb, on }: Grant): string => `${role} ${verb} ${on}`

/** What has to be given and taken so that these roles may do what is wanted, and nothing else. */
export function differences(held: readonly Grant[], wanted: readonly Grant[]): { lacking: readonly Grant[]; excess: readonly Grant[] } {
  const [here, right] = [held, wanted].map((all) => new Set(all.map(nameOf)))
  return { lacking: wanted.filter((one) => here?.has(nameOf(one)) !== true), excess: held.filter((one) => right?.has(nameOf(one)) !== true) }
}

const isOfRows = /^(?:select|insert|delete|update(?: \((?<column>.+)\))?)$/

/**
 * Whether this release can say that a right is too much. Where servers of two releases run beside each other, the later one has been given rights that the earlier
 * one has never heard of: on rows of tables that it does not know, and on columns that were added to those it does. They change nothing that it decides by.
 */
export function isOurs({ verb, on }: Omit<Grant, 'role'>): boolean {
  const of = isOfRows.exec(verb)
  if (of === null || on.startsWith('schema ')) return true
  if (!Object.hasOwn(grants, on)) return false
  const column = of.groups?.['column']
  const others = unwritten[on]
  return column === undefined || others === undefined || others.includes(column) || Object.values(columns[on] ?? {}).some((written) => written.includes(column))
}

/** The statements of SQL that bring it about, one for each role and thing. */
export function statementsOf({ lacking, excess }: ReturnType<typeof differences>): readonly string[] {
  const together = (some: readonly Grant[], say: (verbs: string, one: Grant) => string) =>
    [...Map.groupBy(some, ({ role, on }) => `${role} ${on}`).values()].flatMap((same) => same.slice(0, 1).map((one) => say(same.map(({ verb }) => verb).join(', '), one)))
  return [
    ...together(excess, (verbs, { role, on }) => `revoke ${verbs} on ${on} from ${role}`),
    ...together(lacking, (verbs, { role, on }) => `grant ${verbs} on ${on} to ${role}`),
  ]
}
