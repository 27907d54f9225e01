import type { Day } from '#kernel/clock.ts'
import { birthday, cardExpiry } from '#domain/registry/card.ts'
import { passportNumber } from '#domain/registry/person.ts'
import type { Person, PersonalNumber } from '#domain/registry/person.ts'
import { dayBetween, dayNumber, dayOf, later } from './days.ts'
import { dice, type Dice } from './dice.ts'

type Card = NonNullable<Person['card']>

/** Law 26/2023/QH15 came into force: since then the card is a căn cước card, before it was a CCCD. */
const newCards = '2024-07-01'
const firstChips = '2021-01-01'

function issued(born: Day, issuedOn: Day): Card {
  const expiresOn = cardExpiry(born, issuedOn)
  const kind = issuedOn < newCards ? 'cccd' : 'can-cuoc'
  const issuedAt = kind === 'cccd' ? 'Cục Cảnh sát quản lý hành chính về trật tự xã hội' : 'Bộ Công an'
  return { kind, issuedOn, issuedAt, ...(expiresOn !== undefined && { expiresOn }) }
}

/** A citizen's card on `today`: renewed in time by nearly everybody, and some children have none; `sure` is a valid one. */
export function citizenCard(by: Dice, born: Day, { today, sure }: { today: Day; sure: boolean }): Card | undefined {
  const grown = birthday(born, 14)
  if (grown > today) return sure || by.chance(0.5) ? issued(born, dayBetween(by, later(born, newCards), today)) : undefined
  const card = issued(born, dayBetween(by, later(grown, firstChips), today))
  if (card.expiresOn === undefined || card.expiresOn >= today || (!sure && by.chance(0.03))) return card
  return issued(born, dayBetween(by, dayOf(dayNumber(card.expiresOn) - 60), today))
}

/** A residence card of two, five or ten years (Law 47/2014/QH13), of which few have run out. */
export function residenceCard(by: Dice, born: Day, { today, sure }: { today: Day; sure: boolean }): Card {
  const years = by.pick([2, 5, 10])
  const expiresOn = dayBetween(by, dayOf(dayNumber(today) - (!sure && by.chance(0.03) ? 300 : 0)), dayOf(dayNumber(today) + years * 365))
  const issuedOn = later(born, dayOf(dayNumber(expiresOn) - years * 365))
  return { kind: 'residence-card', issuedOn, issuedAt: 'Cục Quản lý xuất nhập cảnh', residence: years === 10 ? 'permanent' : 'temporary', expiresOn }
}

/** What depends on one person alone is thrown with dice of their own, so that nobody else comes out differently. */
const ownDice = (what: string, number: PersonalNumber): Dice => dice(`${what} ${number}`)

/** A passport of ten years, of which few have run out. Its number follows from that of the person, so that no two have the same. */
export function passportOf(number: PersonalNumber, country: string, { today, sure }: { today: Day; sure: boolean }): NonNullable<Person['passport']> {
  const by = ownDice('passport', number)
  const until = dayNumber(today) + (!sure && by.chance(0.03) ? -by.between(1, 300) : by.between(400, 3300))
  return {
    number: passportNumber.parse(`X${Number(number).toString(36).toUpperCase().padStart(8, '0')}`), country,
    issuedOn: dayOf(until - 3652), expiresOn: dayOf(until),
  }
}

/** The certificate of identity of somebody whose nationality is undetermined (Law 26/2023/QH15 Art 30). */
export function identityCertificate(born: Day, number: PersonalNumber, today: Day): Card {
  const by = ownDice('certificate', number)
  return { kind: 'identity-certificate', issuedOn: dayBetween(by, later(born, newCards), today), issuedAt: 'Bộ Công an' }
}
