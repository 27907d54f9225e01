import { z } from 'zod'
import { readShown, reportLost } from '#domain/account/lost.ts'
import { parsePersonalNumber } from '#domain/registry/personal-number.ts'
import type { CitizenTools } from '#web/account/citizen.ts'
import { faultOf } from '#web/interaction/at.ts'
import { places } from '#web/place/citizen.ts'
import { viewOf } from '#web/request/visit.ts'
import { route } from '#web/route.ts'
import { readBirthDate } from '#web/views/date-field.ts'
import { lostPage, lostReportedPage, type LostFaults } from '#web/views/lost.ts'

const showLost = route({
  route: `GET ${places.lost}`,
  who: 'anyone',
  form: z.strictObject({}),
  act: async (tools: CitizenTools, visit) => ({ page: lostPage(viewOf(tools, visit)) }),
})

const typedForm = z.strictObject({
  csrf: z.string().max(64),
  number: z.string().max(40),
  birthDay: z.string().max(4),
  birthMonth: z.string().max(4),
  birthYear: z.string().max(6),
  shown: z.string().max(60),
})

/** What can be seen to be mistyped is said; whether anything of it is true is not (W10). */
export const takeLost = route({
  route: `POST ${places.lost}`,
  who: 'anyone',
  form: typedForm,
  act: async (tools: CitizenTools & Parameters<typeof reportLost>[0], visit, typed) => {
    const parts = { day: typed.birthDay, month: typed.birthMonth, year: typed.birthYear }
    const [number, born, shown] = [parsePersonalNumber(typed.number), readBirthDate(parts), readShown(typed.shown)]
    if (number === undefined || 'fault' in born || shown === undefined) {
      const faults: LostFaults = {
        ...(number === undefined && { number: faultOf(typed.number) }), ...('fault' in born && { birthDate: born.fault }), ...(shown === undefined && { shown: faultOf(typed.shown) }),
      }
      return { page: lostPage(viewOf(tools, visit), { number: typed.number, parts, faults }), status: 422 }
    }
    await reportLost(tools, { number, birthDate: born.date, shown, address: visit.address })
    return { redirect: places.lostReported }
  },
})

const showLostReported = route({
  route: `GET ${places.lostReported}`,
  who: 'anyone',
  form: z.strictObject({}),
  act: async (tools: CitizenTools, visit) => ({ page: lostReportedPage(viewOf(tools, visit)) }),
})

/** "I lost my device": the account is locked without a sign-in. */
export const lostRoutes = [showLost, takeLost, showLostReported]
