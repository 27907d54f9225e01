import { hash } from 'node:crypto'
import { z } from 'zod'
import { dayInVietnam } from '#kernel/clock.ts'
import { applicationId, contactId, type ApplicationId } from '#kernel/id.ts'
import { Problem } from '#kernel/problem.ts'
import type { ContactStore } from '#domain/account/contact.ts'
import { caseNumber } from '#domain/audit/case.ts'
import { namesSomebody } from '#domain/audit/personal-data.ts'
import type { Application, DeskStore, Station } from '#domain/desk/application.ts'
import { chipFault, standingOfChip } from '#domain/desk/chip-standing.ts'
import type { ChipDesk } from '#domain/desk/reader.ts'
import { deskOrders, deskStates, type DeskDirectory } from '#domain/desk/search.ts'
import { atDesk, seenOf } from '#domain/desk/proofing.ts'
import { representativesBefore } from '#domain/desk/representatives.ts'
import { biometrics, deskRefusals, purposes, takeOvers } from '#domain/desk/rules.ts'
import { isTheirs, makeCode, openApplication } from '#domain/desk/serve.ts'
import { stageOf } from '#domain/desk/stage.ts'
import { dutyOf, isImmigration } from '#domain/desk/station.ts'
import type { Named } from '#domain/enrolment/named.ts'
import { issuesPassports } from '#domain/registry/country.ts'
import { parsePassportNumber } from '#domain/registry/passport.ts'
import { parsePersonalNumber } from '#domain/registry/personal-number.ts'
import { posted } from '#web/account/citizen.ts'
import { maskContact } from '#web/i18n/format.ts'
import { textsOf } from '#web/i18n/language.ts'
import type { Texts } from '#web/i18n/vi.ts'
import { places } from '#web/place/citizen.ts'
import { consolePlaces, deskPaths, deskPlaces } from '#web/place/console.ts'
import type { Answer, Route } from '#web/route.ts'
import { applicationPage } from '#web/views/admin/desk-application.ts'
import { receiptPage } from '#web/views/admin/desk-receipt.ts'
import { deskHomePage, offDutyPage, waitingInFile } from '#web/views/admin/desk.ts'
import type { FieldFault } from '#web/views/field.ts'
import { asFile, listed, oneOf, rowsPerPage, sliceOf, typed as filterText } from './listing.ts'
import { officerRoute, ofTheSystem, type OfficerTools, type Scene } from './officer.ts'

export type DeskTools = OfficerTools & Parameters<typeof makeCode>[0] & { deskDirectory: DeskDirectory; issuer: string; contactStore: Pick<ContactStore, 'ofAccount'>; /** Where chips can be read. */ chipDesk?: ChipDesk | undefined }
type Tools = DeskTools
export type OnDuty = Scene & { station: Station; /** Of the officer's session: a code goes on in the one that made it. */ session: string }

type Declared<All, Form extends z.ZodType> = { route: Route<never>['route']; asks?: boolean; form: Form; act: (tools: All, scene: OnDuty, input: z.output<Form>) => Promise<Answer> }

/** A page of the desk. Outside of the shift it refuses in words, and whoever wanted to do something is on record (A04). */
export function deskRoute<All extends Tools, Form extends z.ZodType>({ route: at, asks = false, form, act }: Declared<All, Form>): Route<All> {
  return officerRoute({
    route: at,
    may: 'desk.work',
    on: ofTheSystem,
    asks,
    form,
    act: async (tools: All, scene, input) => {
      const duty = dutyOf(scene.officer, scene.view.at)
      const { citizen } = scene.visit
      if (citizen === undefined) throw new Problem('internal')
      if (duty.is === 'on') return act(tools, { ...scene, station: duty.station, session: hash('sha256', citizen.session, 'base64url') }, input)
      if (at.startsWith('POST')) await tools.audit.append({ type: 'officer.refused', by: scene.officer.account, permission: 'desk.work', reason: 'off-duty' })
      return { page: offDutyPage(scene.view, duty.posts), status: 403 }
    },
  })
}

const asked = z.strictObject({ tim: filterText(128), viec: oneOf(purposes), tinhtrang: z.enum(deskStates).default('open'), ...listed(deskOrders, 'due') })
type Asked = Omit<z.output<typeof asked>, 'dang'>

/** How it is first shown, and after a form was filled in wrongly. */
const unasked: Asked = { tinhtrang: 'open', xep: 'due', trang: 1 }

/** What is open in the officer's commune, and nothing of another. */
function found({ deskDirectory }: Tools, { station, view }: OnDuty, wish: z.output<typeof asked>) {
  return deskDirectory.search({ commune: station.commune, today: dayInVietnam(view.at), state: wish.tinhtrang, purpose: wish.viec, text: wish.tim, order: wish.xep, ...sliceOf(wish) })
}

const showDesk = deskRoute({
  route: `GET ${consolePlaces.desk}`,
  asks: true,
  form: asked,
  act: async (tools: Tools & Parameters<typeof asFile>[0], scene, { dang, ...wish }) => {
    if (dang === undefined) return { page: await home(tools, scene, { wish }) }
    const { rows } = await found(tools, scene, { ...wish, dang })
    return asFile(tools, scene.officer, { table: 'desk', by: 'desk.work', name: 'ho-so-tai-quay', ...waitingInFile(scene.view, rows) })
  },
})

const typedPerson = posted.extend({ number: z.string().max(40).default(''), passport: z.string().max(80).default(''), country: z.string().max(8).default(''), case: z.string().trim().max(128), purpose: z.string().max(16).default(''), biometrics: z.string().max(16).default(''), takeOver: z.string().max(16).default('') })
type Typed = z.output<typeof typedPerson>

type Said = { wish?: Asked; typed?: Partial<Typed>; faults?: readonly FieldFault[]; elsewhere?: boolean }

async function home(tools: Tools, scene: OnDuty, { wish = unasked, typed = {}, faults = [], elsewhere = false }: Said) {
  const waiting = await found(tools, scene, wish)
  return deskHomePage(scene.view, { station: scene.station, waiting, asked: wish, perPage: rowsPerPage, typed, faults, elsewhere })
}

/** What was typed stays out of every address. */
const findPerson = deskRoute({
  route: `POST ${consolePlaces.desk}`,
  form: typedPerson,
  act: async (tools: Tools & Parameters<typeof openApplication>[0], scene, typed) => {
    const t = textsOf(scene.view.language)
    const read = readPerson(typed, t, isImmigration(scene.station))
    if ('faults' in read) return { page: await home(tools, scene, { typed, faults: read.faults }), status: 422 }
    const opened = await openApplication(tools, scene.officer, scene.station, { ...read, takeOver: z.enum(takeOvers).safeParse(typed.takeOver).data })
    if (opened.is === 'open') return { redirect: deskPlaces(opened.id).start }
    return { page: await home(tools, scene, { typed, elsewhere: opened.fault === 'elsewhere', faults: [{ field: opened.fault === 'elsewhere' ? `takeOver-${takeOvers[0]}` : isImmigration(scene.station) ? 'passport' : 'number', message: t.desk.faults[opened.fault] }] }), status: 422 }
  },
})

/** At the immigration authority by the passport that lies on the desk, elsewhere by the number of the card. */
function readNamed({ number: typed, passport, country }: Typed, t: Texts['desk'], immigration: boolean): Named | readonly FieldFault[] {
  if (!immigration) {
    const number = parsePersonalNumber(typed)
    return number === undefined ? [{ field: 'number', message: t.numberFault }] : { number }
  }
  const number = parsePassportNumber(passport)
  if (number !== undefined && issuesPassports(country)) return { passport: { number, country } }
  return [
    ...(number === undefined ? [{ field: 'passport', message: t.passportFault }] : []),
    ...(issuesPassports(country) ? [] : [{ field: 'country', message: t.countryFault }]),
  ]
}

function readPerson(typed: Typed, { desk: t, audit: { lookUp: { faults: of } } }: Texts, immigration: boolean) {
  const named = readNamed(typed, t, immigration)
  const dossier = caseNumber.safeParse(typed.case).data
  const purpose = z.enum(purposes).safeParse(typed.purpose).data
  // Elsewhere nobody is asked, and nothing that is sent counts.
  const known = immigration ? z.enum(biometrics).safeParse(typed.biometrics).data : undefined
  const unsaid = immigration && known === undefined
  if (!isFaulty(named) && dossier !== undefined && purpose !== undefined && !unsaid) return { named, case: dossier, purpose, biometrics: known }
  const faults: readonly (FieldFault | false)[] = [
    ...(isFaulty(named) ? named : []),
    dossier === undefined && { field: 'case', message: namesSomebody(typed.case) ? of.casePersonal : of.case },
    purpose === undefined && { field: `purpose-${purposes[0]}`, message: t.purposeFault },
    unsaid && { field: `biometrics-${biometrics[0]}`, message: t.biometricsFault },
  ]
  return { faults: faults.filter((fault) => fault !== false) }
}

const isFaulty = (named: Named | readonly FieldFault[]): named is readonly FieldFault[] => Array.isArray(named)

export const atApplication = z.strictObject({ id: applicationId })

const showApplication = deskRoute({
  route: `GET ${deskPaths.start}`,
  form: atApplication,
  act: async (tools: Tools, scene, { id }) => ({ page: await page(tools, scene, await theirs(tools, scene, id)) }),
})

type Noted = { fault?: FieldFault | undefined }

async function page(tools: Tools, { view, session, officer }: OnDuty, application: Application, { fault }: Noted = {}) {
  const { registry, contactStore, issuer, readers, chipDesk } = tools
  const person = await registry.find(application.person)
  if (person === undefined) throw new Problem('internal')
  const who = atDesk(person, dayInVietnam(view.at))
  const representatives = who.represented ? (await representativesBefore(tools, officer.account, person)).map(({ person: { name, number } }) => ({ name, number })) : undefined
  const here = application.code === undefined || application.code.session === session
  const contacts = application.purpose === 'recovery' && application.state === 'open' ? (await contactStore.ofAccount(application.account)).map(({ id, kind, value }) => ({ id, shown: maskContact(kind, value) })) : undefined
  const standing = application.state === 'open' ? await standingOfChip({ readers }, { application, person, officer: officer.account, at: view.at }) : undefined
  // What speaks against the card does so where no chip is read any more, too.
  const chip = chipDesk !== undefined || standing?.is === 'doubtful' ? standing : undefined
  return applicationPage(view, { application, person, wanted: seenOf(who, application), representatives, contacts, chip, hindered: standing && chipFault(person, standing), stage: stageOf(application, view.at), here, typeAt: new URL(places.level2, issuer), fault })
}

/** Who found the person within the hour, at this desk’s commune; to everybody else it is not there. */
export async function theirs({ desk }: Pick<Tools, 'desk'>, { station, view }: OnDuty, id: ApplicationId): Promise<Application> {
  const application = await desk.find(id)
  if (application === undefined || !isTheirs(application, station, view.at)) throw new Problem('request.not-found')
  return application
}

const giveCode = deskRoute({
  route: `POST ${deskPaths.code}`,
  form: posted.extend({ id: applicationId, seen: z.union([z.string(), z.array(z.string())]).default([]), kept: z.union([contactId, z.array(contactId).max(20)]).default([]) }),
  act: async (tools: Tools, scene, { id, seen: typed, kept }) => {
    const { officer, station, session, view } = scene
    const { desk: t } = textsOf(view.language)
    const application = await theirs(tools, scene, id)
    const person = await tools.registry.find(application.person)
    if (person === undefined) throw new Problem('internal')
    const wanted = seenOf(atDesk(person, dayInVietnam(view.at)), application)
    const seen = wanted.filter((kind) => [typed].flat().includes(kind))
    const missing = wanted.find((kind) => !seen.includes(kind))
    if (missing !== undefined) return { page: await page(tools, scene, application, { fault: { field: `seen-${missing}`, message: t.seenFault } }), status: 422 }
    const made = await makeCode(tools, officer, station, { id, session, seen, kept: [kept].flat() })
    if (made.is === 'fault') return { page: await page(tools, scene, application, { fault: { field: `seen-${wanted[0]}`, message: t.faults[made.fault] } }), status: 409 }
    return { redirect: deskPlaces(id).start }
  },
})

/** The two numbers, as the officer sees them on both screens. */
const compareNumbers = deskRoute({
  route: `POST ${deskPaths.compare}`,
  form: posted.extend({ id: applicationId, same: z.enum(['yes', 'no']) }),
  act: async (tools: Tools, scene, { id, same }) => {
    await theirs(tools, scene, id)
    const by = { session: scene.session, at: tools.clock.now() }
    await (same === 'yes' ? tools.desk.confirm(id, by) : tools.desk.deny(id, by))
    return { redirect: deskPlaces(id).start }
  },
})

const refuseApplication = deskRoute({
  route: `POST ${deskPaths.refuse}`,
  form: posted.extend({ id: applicationId, refusal: z.string().max(32).default('') }),
  act: async (tools: Tools & { desk: DeskStore }, scene, { id, refusal }) => {
    const application = await theirs(tools, scene, id)
    const reason = z.enum(deskRefusals).safeParse(refusal).data
    if (reason === undefined) {
      return { page: await page(tools, scene, application, { fault: { field: `refusal-${deskRefusals[0]}`, message: textsOf(scene.view.language).desk.refusalFault } }), status: 422 }
    }
    await tools.desk.refuse(id, { officer: scene.officer.account, reason, at: tools.clock.now() })
    return { redirect: deskPlaces(id).start }
  },
})

const showReceipt = deskRoute({
  route: `GET ${deskPaths.receipt}`,
  form: atApplication,
  act: async (tools: Tools, scene, { id }) => {
    const application = await theirs(tools, scene, id)
    const person = await tools.registry.find(application.person)
    if (person === undefined) throw new Problem('internal')
    return { page: receiptPage(scene.view, { application, name: person.name, stage: stageOf(application, scene.view.at) }) }
  },
})

export const deskRoutes = [showDesk, findPerson, showApplication, giveCode, compareNumbers, refuseApplication, showReceipt] as const
