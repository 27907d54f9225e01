import { sql } from 'kysely'
import type { Page } from 'playwright-core'
import { dayInVietnam } from '#kernel/clock.ts'
import { newId, type AccountId } from '#kernel/id.ts'
import type { RoleGrant } from '#domain/officer/role.ts'
import { personalNumber, type Person } from '#domain/registry/person.ts'
import type { Country } from '#chip/synthetic/card.ts'
import { insertRole } from '#storage/postgres/officers.ts'
import { textsOf, type Language } from '#web/i18n/language.ts'
import { cardOf, readAt } from './chip-at-desk.ts'
import type { Hand } from './hand.ts'
import { aForeigner, aPassport } from './made-up.ts'
import { allDay } from './officers.ts'
import type { TestServer } from './running.ts'

type Tour = { server: TestServer; country: Country; page: Page; language: Language; hand: Hand; look: (name: string, heading: string) => Promise<void>; account: AccountId; /** What officers do needs a sign-in of the last five minutes, and looking takes long. */ signInAnew: () => Promise<void> }

/** An officer serves somebody, and the same browser is the person's phone too: every page of both. */
export async function deskAtWork({ server, country, page, language, hand, look, account, signInAnew }: Tour): Promise<void> {
  const { desk: t, level2, frame, audit, console } = textsOf(language)
  const endsOn = dayInVietnam(new Date(Date.now() + 28 * 86_400_000))
  const grant = { id: newId(), account, role: 'enrolment-officer' as const, post: { ...allDay, until: '00:01' }, since: new Date(), endsOn }
  await insertRole(server.house.database, grant, undefined)
  await page.goto(`${server.issuer}/quan-tri/quay`)
  await look('desk, outside of the shift', t.offDuty.title)
  await immigrationAtWork({ server, page, language, hand, look, signInAnew }, grant)
  await insertRole(server.house.database, { ...grant, id: newId(), post: allDay }, undefined)
  await signInAnew()
  await page.goto(`${server.issuer}/quan-tri`)
  await hand.tap(console.nav.desk)
  await look('desk', t.title)
  await page.goto(`${server.issuer}/quan-tri/quay?tinhtrang=overdue`)
  await look('desk, what is overdue', t.title)
  await hand.tap(t.find)
  await look('desk, empty', t.title)
  const person = server.nextPerson(({ birthDate }) => birthDate.length === 10)
  const find = async () => {
    await page.goto(`${server.issuer}/quan-tri/quay`)
    await hand.fill(t.number, person.number)
    await hand.fill(audit.lookUp.case, '000.00.19.H29-261104-0001')
    await hand.tap(t.find)
    await page.locator('#seen-card-seen').waitFor()
  }
  const heading = async () => page.locator('h1').innerText()
  await find()
  const application = page.url()
  await look('application', await heading())
  await chipAtWork({ server, country, page, language, hand, look }, { person, other: server.nextPerson(({ birthDate }) => birthDate.length === 10) })
  await signInAnew()
  await page.goto(application)
  await hand.tap(t.makeCode)
  await look('application, nothing ticked', await heading())
  await page.goto(application)
  await page.locator('#seen-card-seen').check()
  await page.locator('#seen-face-compared').check()
  await hand.tap(t.makeCode)
  await page.locator('.match').waitFor()
  await look('application, code', await heading())
  const code = await page.locator('.match').innerText()
  await page.goto(`${server.issuer}/m2`)
  await look('code of a desk', level2.title)
  await hand.fill(level2.code, '1234 5678')
  await hand.tap(frame.continue)
  await look('code of a desk, wrong', level2.title)
  await hand.fill(level2.code, code)
  await hand.tap(frame.continue)
  await look('number of a desk', level2.compareTitle)
  await signInAnew()
  await page.goto(application)
  await look('application, number', await heading())
  await hand.tap(t.same)
  await look('application, answering', await heading())
  await page.goto(`${server.issuer}/m2/xac-nhan`)
  await look('number of a desk, yes or no', level2.compareTitle)
  await Promise.all([page.waitForEvent('framenavigated'), page.evaluate(`document.querySelector('#passkey').submit()`)])
  await page.goto(`${server.issuer}/m2/xac-nhan`)
  await hand.tap(level2.no)
  await look('number of a desk, no', level2.ends.denied.title)
  await signInAnew()
  await page.goto(application)
  await look('application, denied', await heading())
  await page.locator('summary').click()
  await hand.tap(t.refuse)
  await look('application, refused without a reason', await heading())
  await page.goto(application)
  await page.locator('summary').click()
  await page.locator('#refusal-withdrawn').check()
  await hand.tap(t.refuse)
  await look('application, refused', await heading())
  await hand.tap(t.receipt)
  await look('receipt', await heading())
}

/** The same officer at a desk of the immigration authority: somebody is found by passport, and face and fingerprints have to be taken first. */
export async function immigrationAtWork({ server, page, language, hand, look, signInAnew }: Omit<Tour, 'country' | 'account'>, grant: RoleGrant): Promise<void> {
  const { desk: t, audit, registration: { passport: words } } = textsOf(language)
  const { house } = server
  const number = `10109${String(Date.now()).slice(-7)}`
  const passport = aPassport({ number: `T${number}`, expiresOn: '2035-01-01' })
  async function* arrived() {
    yield [aForeigner({ number: personalNumber.parse(number), passport })]
  }
  await house.registry.importAll(arrived())
  const here = { ...grant, id: newId(), post: { ...allDay, commune: 'Phòng Quản lý xuất nhập cảnh' } }
  await insertRole(house.database, here, undefined)
  await signInAnew()
  await page.goto(`${server.issuer}/quan-tri/quay`)
  await look('desk of the immigration authority', t.title)
  await hand.tap(t.find)
  await look('desk of the immigration authority, empty', t.title)
  await hand.fill(words.label, passport.number)
  await page.selectOption('#country', passport.country)
  await hand.fill(audit.lookUp.case, '000.00.19.H29-261104-0001')
  await page.locator('#biometrics-missing').check()
  await hand.tap(t.find)
  await page.locator('#seen-biometrics-taken').waitFor()
  await look('application of a foreigner', await page.locator('h1').innerText())
  await house.database.change(sql`update officer_role set ended_at = now() where id = ${here.id}`)
}

type AtChip = Pick<Tour, 'server' | 'country' | 'page' | 'language' | 'hand' | 'look'>

/** The chip of the card, before, while and after a reader reads it: first somebody else's card, then their own. */
async function chipAtWork({ server, country, page, language, hand, look }: AtChip, { person, other }: { person: Person; other: Person }): Promise<void> {
  const { desk: { chip: t } } = textsOf(language)
  const heading = async () => page.locator('h1').innerText()
  await page.getByRole('link', { name: t.open }).click()
  await page.getByRole('button', { name: t.pair }).waitFor()
  await look('chip of a card, not read', await heading())
  const place = page.url()
  await hand.tap(t.pair)
  await page.locator('.match').waitFor()
  await look('chip of a card, code for the reader', await heading())
  await readAt(server.issuer, cardOf(other, { country }), await page.locator('.match').innerText())
  await page.goto(place)
  await look('chip of a card, of somebody else', await heading())
  await page.goto(place.replace(/\/chip$/, ''))
  await look('application, chip doubtful', await heading())
  await page.goto(place)
  await hand.tap(t.askEnd)
  await look('chip of a card, doubt ended without a reason', await heading())
  await hand.fill(t.endReason, 'Đọc nhầm thẻ của người nhà')
  await hand.tap(t.askEnd)
  await page.waitForURL(/\/phe-duyet\//)
  await look('proposal to end a doubt', await heading())
  await page.goto(place)
  await look('chip of a card, doubt to be ended', await heading())
  // As if two officers had ended it, whom this tour does not have.
  await server.house.database.change(sql.raw(`do $$ begin alter table desk_doubt_end disable trigger desk_doubt_end_is_decided;
    insert into desk_doubt_end (reading_id, proposal_id, decided_by, at) select r.id, p.id, p.id, now() from desk_reading r join proposal p on p.subject = r.id::text on conflict do nothing;
    alter table desk_doubt_end enable trigger desk_doubt_end_is_decided; end $$`))
  await page.goto(place)
  await hand.tap(t.pairAgain)
  await readAt(server.issuer, cardOf(person, { country }), await page.locator('.match').innerText())
  await page.goto(place)
  await look('chip of a card, genuine', await heading())
}
