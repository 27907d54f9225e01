import { createHash } from 'node:crypto'
import { personId, type AccountId } from '#kernel/id.ts'
import type { LockGround } from '#domain/account/ground.ts'
import type { AccountLevel } from '#domain/assurance/level.ts'
import { folded } from '#domain/registry/name.ts'
import { person, type Person } from '#domain/registry/person.ts'
import type { SoftwarePasskey } from './software-passkey.ts'

/** What a program should be able to do with this person; a sentence for each stands with the pages. */
export const casts = ['ordinary', 'stacked', 'level-1', 'single-name', 'long-name', 'foreigner', 'ethnic', 'old', 'young', 'moved', 'no-contact', 'locked', 'foreigner-level-2'] as const
export type Cast = (typeof casts)[number]

export type TestPerson = { cast: Cast; level: AccountLevel; lock?: LockGround; person: Person }

type Spoken = Pick<Person, 'name' | 'number' | 'birthDate' | 'sex'> & Partial<Person>
type Row = { cast: Cast; level: AccountLevel; lock?: LockGround; spoken: Omit<Spoken, 'number'> & { number: string } }

const dakLak = { text: 'Buôn Ako Dhong, Phường Buôn Ma Thuột, Tỉnh Đắk Lắk', province: '66' }
const hue = { text: '12 Lê Lợi, Phường Thuận Hóa, Thành phố Huế', province: '46' }
const hanoi = { text: '1 Tràng Tiền, Phường Cửa Nam, Thành phố Hà Nội', province: '01' }

/** What a foreigner shows; both are valid for longer than this will stand. */
function foreignPapers(number: string, country: string, residence: 'permanent' | 'temporary'): Pick<Person, 'card' | 'passport'> {
  return {
    card: person.shape.card.parse({ kind: 'residence-card', issuedOn: '2025-01-02', issuedAt: 'Cục Quản lý xuất nhập cảnh', expiresOn: '2040-01-02', residence }),
    passport: person.shape.passport.parse({ number, country, issuedOn: '2025-01-02', expiresOn: '2040-01-02' }),
  }
}

/**
 * Thirteen people whom no registry knows, each there for a reason: every tone and stacked mark, both levels, a name of one word and
 * one of eight, two without Vietnamese nationality, somebody whom the law lets in nowhere.
 */
const rows: readonly Row[] = [
  { cast: 'ordinary', level: 2, spoken: { name: 'Nguyễn Thị Ánh Nguyệt', number: '001192000011', birthDate: '1992-03-08', sex: 'female', permanentResidence: hanoi } },
  { cast: 'stacked', level: 2, spoken: { name: 'Đặng Hữu Ước', number: '046085000022', birthDate: '1985-11-20', sex: 'male', permanentResidence: hue } },
  { cast: 'level-1', level: 1, spoken: { name: 'Trần Quốc Bảo', number: '079098000033', birthDate: '1998-07-15', sex: 'male' } },
  { cast: 'single-name', level: 2, spoken: { name: 'Hạnh', number: '051175000044', birthDate: '1975-01-01', sex: 'female' } },
  {
    cast: 'long-name', level: 2,
    spoken: { name: 'Công Tằng Tôn Nữ Thị Huyền Trân Quỳnh Dao', number: '046190000055', birthDate: '1990-12-31', sex: 'female', permanentResidence: hue },
  },
  {
    cast: 'foreigner', level: 1,
    spoken: { name: 'MÜLLER JÖRG ANDRÉ', number: '276081000066', birthDate: '1981-05-04', sex: 'male', kind: 'foreigner', nationality: ['DEU'], ...foreignPapers('C01X00T47', 'DEU', 'permanent') },
  },
  { cast: 'ethnic', level: 2, spoken: { name: "Y Blĭm Niê Kdăm", number: '066088000077', birthDate: '1988-09-02', sex: 'male', ethnicity: 'Ê Đê', permanentResidence: dakLak } },
  { cast: 'old', level: 2, spoken: { name: 'Lê Thị Hợi', number: '034135000088', birthDate: '1935', sex: 'female' } },
  { cast: 'young', level: 1, spoken: { name: 'Phạm Gia Huệ', number: '031310000099', birthDate: '2010-02-28', sex: 'female' } },
  {
    cast: 'moved', level: 2,
    spoken: {
      name: 'Vũ Đức Thịnh', number: '001077000110', birthDate: '1977-06-30', sex: 'male', permanentResidence: hanoi,
      formerNumbers: [{ number: '001077999110', cancelledOn: '2024-09-01', reason: 'Cải chính năm sinh' }].map((former) => person.shape.formerNumbers.element.parse(former)),
    },
  },
  { cast: 'no-contact', level: 1, spoken: { name: 'Bùi Thị Ngọc Lễ', number: '025183000121', birthDate: '1983-04-17', sex: 'female', phones: [], emails: [] } },
  { cast: 'locked', level: 2, lock: 'holder-request', spoken: { name: 'Hoàng Văn Cựu', number: '040069000132', birthDate: '1969-10-10', sex: 'male' } },
  {
    cast: 'foreigner-level-2', level: 2,
    spoken: { name: 'KIM SEO YEON', number: '210193000143', birthDate: '1993-12-24', sex: 'female', kind: 'foreigner', nationality: ['KOR'], ...foreignPapers('M12345678', 'KOR', 'temporary') },
  },
]

/** The same thirteen for everybody and for ever: ids come from the numbers. Mail goes nowhere (RFC 2606), phones ring nowhere. */
export const testPeople: readonly TestPerson[] = rows.map(({ cast, level, lock, spoken }, place) => ({
  cast,
  level,
  ...(lock && { lock }),
  person: person.parse({
    id: idOf(spoken.number),
    kind: 'citizen',
    formerNumbers: [],
    nationality: ['VNM'],
    card: { kind: 'can-cuoc', issuedOn: '2025-01-02', issuedAt: 'Bộ Công an', expiresOn: '2040-01-02' },
    relations: [],
    household: [],
    life: { status: 'alive' },
    phones: [`+8400000${String(place + 1).padStart(4, '0')}`],
    emails: [`${folded(spoken.name).replaceAll(/[^a-z0-9]+/g, '.')}@example.com`],
    other: {},
    source: { version: 1, confirmedAt: '2026-01-02T03:04:05Z' },
    ...spoken,
  }),
}))

function idOf(number: string): Person['id'] {
  const hex = createHash('sha256').update(`test person ${number}`).digest('hex')
  return personId.parse(`${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`)
}

/** One of the thirteen in this sandbox: an account, and what it signs in with. */
export type Player = { place: number; account: AccountId; passkey: SoftwarePasskey }

export type PlayerStore = {
  /** Takes the place for this player unless somebody has it, and answers who has: of racing starters one wins. */
  settle: (player: Player) => Promise<Player>
  find: (place: number) => Promise<Player | undefined>
}
