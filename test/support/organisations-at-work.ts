import { randomBytes, randomUUID } from 'node:crypto'
import type { Page } from 'playwright-core'
import { accountId, applicationId, mandateId, newId, organisationId } from '#kernel/id.ts'
import { printedReference, referenceOf } from '#domain/notice/reference.ts'
import { organisationCode, type Organisation } from '#domain/organisation/organisation.ts'
import { personalNumber, type Person } from '#domain/registry/person.ts'
import { textsOf, type Language } from '#web/i18n/language.ts'
import { registered } from './company.ts'
import type { Hand } from './hand.ts'
import { accountOf } from './journey.ts'
import type { TestServer } from './running.ts'

type Tour = { server: TestServer; page: Page; language: Language; hand: Hand; look: (name: string, heading: string) => Promise<void>; number: string }

/** A company that this person represents alone; the registration has heard of them today. */
async function aCompanyOf({ server, number }: Pick<Tour, 'server' | 'number'>) {
  const person = await server.house.registry.findByNumber(personalNumber.parse(number))
  if (person === undefined) throw new Error('nobody has this number')
  return { ...(await register(server, person)), account: await accountOf(server, { citizen: { number } }) }
}

async function register(server: TestServer, { number, name }: Pick<Person, 'number' | 'name'>): Promise<Organisation> {
  const organisation: Organisation = {
    id: organisationId.parse(newId()), code: organisationCode.parse(`03${number.slice(-8)}`), name: 'Hợp tác xã Nông sản Tân Tiến', address: 'Số 1, đường Lê Lợi, Hà Nội', state: 'operating',
    representatives: [{ number, name, since: '2020-01-01' }], source: { version: 1, confirmedAt: '2026-11-01T00:00:00Z' },
  }
  await registered(server, organisation)
  return organisation
}

/** A legal representative opens the account of their organisation, activates it and gives a mandate; whom it names looks at it. Level 2 is there already. */
export async function organisationsAtWork({ server, page, language, hand, look, number }: Tour): Promise<void> {
  const { organisation: t } = textsOf(language)
  const { organisations } = server.house
  const home = `${server.issuer}/tai-khoan/to-chuc`
  await hand.pickSuggestion(async () => void (await page.goto(home)))
  await look('no organisations', t.title)
  await hand.tap(t.declaring.link)
  await look('declare an organisation', t.declaring.title)
  await hand.tap(t.declaring.button)
  await look('declare an organisation, nothing filled in', t.declaring.title)
  const company = await aCompanyOf({ server, number })
  await page.goto(home)
  await look('organisations', t.title)
  await hand.tap(`${t.open} ${company.name}`)
  await look('an organisation to apply for', company.name)
  await hand.tap(t.acts.apply.button)
  await look('an organisation that has applied', company.name)
  const application = (await organisations.find(company.id))?.application?.id
  if (application === undefined) throw new Error('nobody has applied')
  for (const act of ['examine', 'issue'] as const) await organisations[act](application, { account: accountId.parse(randomUUID()), at: new Date(), reason: 'Đã so với đăng ký' })
  await page.goto(`${home}/${company.id}`)
  await look('an organisation to activate', company.name)
  await hand.tap(t.acts.activate.button)
  await look('an organisation', company.name)
  await hand.tap(t.mandates.give)
  await look('give a mandate', t.giving.title)
  await hand.tap(t.giving.button)
  await look('give a mandate, nothing filled in', t.giving.title)
  const by = { person: (await server.house.registry.findByNumber(personalNumber.parse(number)))?.id, account: company.account, at: new Date() }
  if (by.person === undefined) throw new Error('nobody has this number')
  const { mandate } = await offered(server, company, { person: by.person, account: by.account, at: by.at })
  await page.goto(`${server.issuer}/tai-khoan/uy-quyen/${mandate}`)
  await look('a mandate that is offered', t.mandates.askTitle(company.name))
  await hand.tap(t.mandates.accept)
  await look('organisations, with a mandate', t.title)
  await page.goto(`${server.issuer}/tai-khoan/uy-quyen/${mandate}`)
  await look('a mandate that is held', t.mandates.ofName(company.name))
}

async function offered({ house }: TestServer, company: Awaited<ReturnType<typeof aCompanyOf>>, by: Parameters<TestServer['house']['organisations']['offer']>[1]) {
  const [named] = company.representatives
  const mandate = mandateId.parse(newId())
  const services = (await house.clients.list()).slice(0, 1).map(({ id }) => id)
  if (named === undefined) throw new Error('nobody represents it')
  await house.organisations.offer({ id: mandate, organisation: company.id, role: 'accountant', scope: { services, sectors: [] }, startsOn: '2026-11-01', endsOn: '2027-10-31', named }, by)
  return { mandate }
}

/** An officer looks at what waits for the authority, examines one file, and cannot issue it themself. */
export async function organisationFilesAtWork({ server, page, language, look, hand, signInAnew }: Omit<Tour, 'number'> & { signInAnew: () => Promise<void> }): Promise<void> {
  const { organisation: t } = textsOf(language)
  const { reason } = textsOf(language).console
  const files = `${server.issuer}/quan-tri/to-chuc`
  await page.goto(files)
  await look('applications of organisations, none', t.console.title)
  const applicant = server.nextPerson()
  const company = await register(server, applicant)
  const id = applicationId.parse(newId())
  await server.house.organisations.apply(company.id, { id, reference: printedReference(referenceOf(randomBytes(8))) }, { person: applicant.id, account: accountId.parse(randomUUID()), at: new Date() })
  await signInAnew()
  await page.goto(files)
  await look('applications of organisations', t.console.title)
  await page.goto(`${files}/${id}`)
  await look('an application of an organisation', company.name)
  await hand.tap(t.console.refuse)
  await look('an application of an organisation, refused without a reason', company.name)
  await page.goto(`${files}/${id}`)
  await hand.tap(t.console.examine)
  await look('an application of an organisation, examined without a reason', company.name)
  await hand.fill(reason, 'Đã so với đăng ký doanh nghiệp')
  await hand.tap(t.console.examine)
  await look('an application of an organisation, examined', company.name)
  await hand.fill(reason, 'Hồ sơ đủ')
  await hand.tap(t.console.issue)
  await look('an application of an organisation, issued by whoever examined it', company.name)
}
