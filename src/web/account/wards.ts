import { z } from 'zod'
import { dayInVietnam, type Day } from '#kernel/clock.ts'
import { personId } from '#kernel/id.ts'
import { canOpen, openFor } from '#domain/acting/open.ts'
import { wardsOf, type Ward, type WardTools } from '#domain/acting/ward.ts'
import { maskedNumber } from '#domain/registry/personal-number.ts'
import { places } from '#web/place/citizen.ts'
import { readerOf } from '#web/reader.ts'
import { wardsPage, type WardShown } from '#web/views/acting.ts'
import { citizenRoute, posted, type CitizenTools } from './citizen.ts'

/** Whom the register lets this person act for, and who of them has an account. */
export const showWards = citizenRoute({
  route: `GET ${places.wards}`,
  form: z.strictObject({}),
  act: async (tools: CitizenTools & WardTools, { citizen, view }) => {
    const today = dayInVietnam(tools.clock.now())
    const [reader, wards] = await Promise.all([readerOf(tools, citizen.account), wardsOf(tools, citizen.account)])
    return { page: wardsPage(view, { reader, wards: wards.map((ward) => shown(ward, today)) }) }
  },
})

/** Opens an account for one of them. */
export const openWard = citizenRoute({
  route: `POST ${places.wards}`,
  form: posted.extend({ ward: personId }),
  act: async (tools: CitizenTools & Parameters<typeof openFor>[0], { citizen }, { ward }) => {
    await openFor(tools, { representative: citizen.account, ward })
    return { redirect: places.wards }
  },
})

function shown(ward: Ward, today: Day): WardShown {
  const { person, tie, account } = ward
  const open = canOpen(ward, today) ? 'none' : 'cannot'
  return { person: person.id, name: person.name, number: maskedNumber(person.number), tie: tie.as, account: account === undefined ? open : { level: account.level } }
}
