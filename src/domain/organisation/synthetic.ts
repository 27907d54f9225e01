import { completedYears } from '#kernel/clock.ts'
import { newId, organisationId } from '#kernel/id.ts'
import type { Person } from '#domain/registry/person.ts'
import { people, referenceDay } from '#domain/registry/synthetic.ts'
import { dice, type Dice } from '#domain/registry/synthetic/dice.ts'
import { organisationCode, type Organisation } from './organisation.ts'

const kinds = ['Công ty TNHH', 'Công ty Cổ phần', 'Hợp tác xã', 'Công ty TNHH Một thành viên', 'Doanh nghiệp tư nhân'] as const
const trades = ['Thương mại', 'Vận tải', 'Xây dựng', 'Nông sản', 'Dược phẩm', 'May mặc', 'Du lịch', 'Phần mềm', 'Cơ khí', 'Thủy sản'] as const
const names = ['Bình Minh', 'Hòa Phát Lộc', 'Sông Hồng', 'An Khang', 'Đại Dương', 'Hương Sen', 'Trường Xuân', 'Tân Tiến', 'Phú Mỹ', 'Việt Thành'] as const
const foreign: Readonly<Partial<Record<string, string>>> = { 'Bình Minh': 'Binh Minh Co., Ltd.', 'Sông Hồng': 'Red River JSC', 'Đại Dương': 'Dai Duong Co., Ltd.' }

type Wish = { organisations: number; people: number; seed: string }

/** Made-up organisations, represented by people of the synthetic population of the same number and seed. The same wish gives the same ones, but for ids. */
export function* syntheticOrganisations({ organisations: count, people: many, seed }: Wish): Generator<Organisation> {
  const by = dice(`${seed} organisations`)
  const grown = grownUps({ people: many, seed })
  for (let at = 0; at < count; at += 1) yield one(by, at, grown)
}

/** Those who may represent something: alive, of age, citizens. */
function grownUps(wish: { people: number; seed: string }): readonly Pick<Person, 'number' | 'name'>[] {
  const fit = ({ kind, life, birthDate }: Person) => kind === 'citizen' && life.status === 'alive' && birthDate.length === 10 && completedYears(birthDate, referenceDay) >= 20
  return [...people(wish)].filter(fit).map(({ number, name }) => ({ number, name }))
}

function one(by: Dice, at: number, grown: readonly Pick<Person, 'number' | 'name'>[]): Organisation {
  const name = by.pick(names)
  const code = organisationCode.parse(`01${String(at).padStart(8, '0')}`)
  const wanted = by.pick([1, 1, 1, 2, 2, 3])
  const chosen = grown.length === 0 ? [] : [...new Set(Array.from({ length: wanted }, () => by.pick(grown)))]
  return {
    id: organisationId.parse(newId()),
    code,
    name: `${by.pick(kinds)} ${by.pick(trades)} ${name} ${at + 1}`,
    foreignName: foreign[name],
    taxCode: code,
    address: `Số ${by.between(1, 300)}, đường Lê Lợi, Hà Nội`,
    state: by.chance(0.02) ? 'suspended' : 'operating',
    representatives: chosen.map((person) => ({ ...person, since: `20${by.between(10, 25)}-0${by.between(1, 9)}-15` })),
    source: { version: 1, confirmedAt: `${referenceDay}T00:00:00Z` },
  }
}
