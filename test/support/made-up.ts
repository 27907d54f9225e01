import { limitNames, limitsSchema, type LimitRules } from '#domain/abuse/limits.ts'
import { randomBytes, randomUUID } from 'node:crypto'
import { accountId, passkeyId, personId } from '#kernel/id.ts'
import type { Account } from '#domain/account/account.ts'
import { readClient, type Client } from '#domain/client/client.ts'
import type { Passkey } from '#domain/passkey/passkey.ts'
import { person, personalNumber, type Person } from '#domain/registry/person.ts'

/** Somebody nobody has met: an adult citizen with a valid card. What a test cares about it says in `changes`. */
export function aPerson(changes: Partial<Person> = {}): Person {
  return person.parse({
    id: randomUUID(),
    kind: 'citizen',
    name: 'Trần Thị Ngọc Lan',
    number: '079303001234',
    formerNumbers: [],
    birthDate: '2003-03-02',
    sex: 'female',
    nationality: ['VNM'],
    card: { kind: 'can-cuoc', issuedOn: '2024-08-01', issuedAt: 'Bộ Công an', expiresOn: '2028-03-02' },
    relations: [],
    household: [],
    life: { status: 'alive' },
    phones: [],
    emails: [],
    other: {},
    source: { version: 1, confirmedAt: '2026-01-02T03:04:05Z' },
    ...changes,
  })
}

/** A foreigner's passport. */
export function aPassport(changes: { number?: string; country?: string; expiresOn?: string } = {}): NonNullable<Person['passport']> {
  return person.shape.passport.unwrap().unwrap().parse({ number: 'M12345678', country: 'KOR', issuedOn: '2020-05-06', ...changes })
}

/** Somebody from Korea with a residence card and a passport. */
export function aForeigner(changes: Partial<Person> = {}): Person {
  return aPerson({
    kind: 'foreigner', name: 'KIM MIN JUN', number: personalNumber.parse('101090001234'), birthDate: '1990-04-05', sex: 'male', nationality: ['KOR'],
    card: { kind: 'residence-card', issuedOn: '2024-08-01', issuedAt: 'Cục Quản lý xuất nhập cảnh', expiresOn: '2029-08-01', residence: 'temporary' },
    passport: aPassport({ expiresOn: '2030-05-06' }),
    ...changes,
  })
}

/** An account that may be used. */
export function anAccount(changes: Partial<Account> = {}): Account {
  return {
    id: accountId.parse(randomUUID()),
    person: personId.parse(randomUUID()),
    level: 1,
    state: 'active',
    locks: [],
    createdAt: new Date('2026-01-02T03:04:05.678Z'),
    ...changes,
  }
}

/** A synced passkey as a phone makes it. Its key signs nothing: use the software authenticator where a signature counts. */
export function aPasskey(changes: Partial<Passkey> = {}): Passkey {
  return {
    id: passkeyId.parse(randomBytes(32).toString('base64url')),
    account: accountId.parse(randomUUID()),
    publicKey: Uint8Array.from(randomBytes(77)),
    counter: 0,
    transports: ['hybrid', 'internal'],
    aaguid: '00000000-0000-0000-0000-000000000000',
    backupEligible: true,
    backedUp: true,
    hardwareBound: false,
    createdAt: new Date('2026-01-02T03:04:05.678Z'),
    ...changes,
  }
}

/** One entry of a client file that is in order. */
export const clientEntry = (changes: Record<string, unknown> = {}): Record<string, unknown> => ({
  client_id: 'thue',
  client_name: 'Tổng cục Thuế',
  legal_name: { vi: 'Tổng cục Thuế', en: 'General Department of Taxation' },
  sector: 'thue.example',
  profile: 'baseline',
  ends_on: '2099-12-31',
  redirect_uris: ['https://thue.example/callback'],
  ...changes,
})

/** The client of such an entry. */
export function aClient(changes: Record<string, unknown> = {}): Client {
  const read = readClient(clientEntry(changes), { allowLocal: false })
  if ('fault' in read) throw new TypeError(read.fault)
  return read.client
}

/** Rules of limits that let everything through, but for what is said. */
export function someLimits(changes: Partial<LimitRules> = {}, usual = { points: 1_000_000, seconds: 60 }): LimitRules {
  return limitsSchema.parse({ ...Object.fromEntries(limitNames.map((name) => [name, usual])), ...changes })
}
