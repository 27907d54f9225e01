import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { initiateDeviceAuthorization } from 'openid-client'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { languages, textsOf, type Language } from '#web/i18n/language.ts'
import { logPlaces } from '#web/place/program.ts'
import { developmentRoutes, routes } from '#web/routes.ts'
import { clientIds } from '#demo/clients.ts'
import { accountId, clientId, lookUpId, newId, proposalId, type AccountId } from '#kernel/id.ts'
import { dayInVietnam, momentInVietnam } from '#kernel/clock.ts'
import { personalNumber } from '#domain/registry/person.ts'
import { clientsPerDeveloper } from '#domain/sandbox/developer-client.ts'
import { monthOf } from '#domain/statistic/period.ts'
import { stageKey } from '#keys/ring-change.ts'
import { insertRole } from '#storage/postgres/officers.ts'
import { root } from '#test/house/source.ts'
import { anAccount } from '#test/support/made-up.ts'
import { describeInBrowser, openBrowser, picture, desktop, phone, type Browser } from '#test/support/browser.ts'
import { addPasskeys } from '#test/support/browser-passkeys.ts'
import { clientsAtWork } from '#test/support/clients-at-work.ts'
import { deskAtWork } from '#test/support/desk-at-work.ts'
import { makeClient, sandboxOf } from '#test/support/developer.ts'
import { goingLiveAtWork } from '#test/support/going-live-at-work.ts'
import type { Citizen } from '#test/support/citizen.ts'
import { ask, openCounter, type Counter } from '#test/support/counter.ts'
import { at, demoWords, makeHand, type Hand } from '#test/support/hand.ts'
import { armInspection, hearComplaints, inspect, walkByKeyboard } from '#test/support/inspection.ts'
import { cancellingAtWork, contactsAtWork, lostAtWork, noticesAtWork, ownLockAtWork, ownPasskeysAtWork, recoveryAtWork } from '#test/support/own-account-at-work.ts'
import { startProduct, type Product } from '#test/support/product.ts'
import { organisationFilesAtWork, organisationsAtWork } from '#test/support/organisations-at-work.ts'
import { wardsAtWork } from '#test/support/wards-at-work.ts'

type Look = (name: string, heading: string) => Promise<void>
type Tour = { product: Product; page: Page; language: Language; look: Look; counter: Counter }

const patterns = [...routes, ...developmentRoutes].map(({ route }) => {
  const [method = '', path = ''] = route.split(' ')
  return { route, method, path: new RegExp(`^${path.replace(/:(uid|id|client|key)/, '[^/]+')}$`) }
})

/** Everything from here to the end of the account's first day, every page looked at. */
async function wholeTour({ product, page, language, look, counter }: Tour): Promise<void> {
  const { server, portal } = product
  const t = textsOf(language)
  const say = demoWords(language)
  const passkeys = await addPasskeys(page)
  const hand = makeHand(page, passkeys)
  const { number, identity, contact, code, passkey, done } = t.registration
  const { papers } = t

  for (const [path, paper] of [['/', papers.help], ['/tro-giup', papers.help], ['/quyen-rieng-tu', papers.privacy], ['/tro-nang', papers.accessibility]] as const) {
    await page.goto(server.issuer + path)
    await look(path, paper.title)
  }
  await page.goto(`${server.issuer}/tinh-trang`)
  await look('status', t.status.title)
  await page.goto(`${server.issuer}/tinh-trang.json`)
  await page.goto(`${server.issuer}/minh-bach`)
  await look('transparency', t.transparency.title)
  // What programs read of it is no page to look at.
  for (const path of Object.values(logPlaces)) await page.goto(server.issuer + path)
  await page.goto(`${server.issuer}/styleguide`)
  await look('styleguide', await page.locator('h1').innerText())

  const { list } = t.problems
  await page.goto(`${server.issuer}/nothing`)
  await look('no such page', list['request.not-found'].title)
  await page.goto(`${server.issuer}/interaction/abc`)
  await look('a sign-in that is over', list['interaction.expired'].title)
  await page.goto(`${server.issuer}/authorize?client_id=nobody&redirect_uri=https://service.example/`)
  await look('a wrong link', list['request.malformed'].title)

  await page.goto(portal)
  await hand.tap(say.signIn)
  await look('sign-in', t.signIn.title(say.portal))
  const start = page.url()
  await hand.tap(t.frame.continue)
  await look('sign-in, no number', t.signIn.title(say.portal))
  const person = server.nextPerson()
  await hand.fill(t.signIn.numberLabel, person.number)
  await hand.tap(t.frame.continue)
  await look('sign-in, narrowed', t.signIn.title(say.portal))
  // What the address bar now shows leads back when it is opened again.
  await page.goto(page.url())
  await look('sign-in again', t.signIn.title(say.portal))
  for (const form of ['passkey', 'consent', 'cancel']) {
    await page.goto(`${start}/${form}`)
    expect(page.url()).toBe(start)
  }
  await hand.tap(language === 'vi' ? 'English' : 'Tiếng Việt')
  await hand.tap(language === 'vi' ? 'Tiếng Việt' : 'English')
  await page.goto(`${start}/no-passkey`)
  await look('no passkey', t.signIn.none.title)
  await hand.tap(`${t.signIn.none.otherPhone} ${t.signIn.none.otherPhoneHint}`)
  await look('other phone', t.signIn.other.title)
  await page.evaluate(`document.querySelector('#passkey').submit()`)
  await look('unsupported', t.signIn.unsupported.title)
  await hand.tap(t.signIn.unsupported.again)
  await look('sign-in once more', t.signIn.title(say.portal))

  await hand.tap(t.signIn.register)
  await look('number', number.title)
  await hand.fill(t.signIn.numberLabel, '0792')
  await hand.tap(t.frame.continue)
  await look('number, wrong', number.title)
  await hand.tap(number.foreignerIn.text)
  await look('passport', t.registration.passport.title)
  await hand.fill(t.registration.passport.label, 'M1')
  await hand.tap(t.frame.continue)
  await look('passport, wrong', t.registration.passport.title)
  await hand.fill(t.registration.passport.label, 'M12345678')
  await page.selectOption('#country', 'KOR')
  await hand.tap(t.frame.continue)
  await look('identity of a foreigner', identity.title)
  await page.goto(`${start}/register/passport`)
  await hand.tap(t.registration.passport.citizen)
  const citizen = server.citizen(person)
  await hand.fill(t.signIn.numberLabel, citizen.number)
  await hand.tap(t.frame.continue)
  await look('identity', identity.title)
  await hand.tap(t.frame.continue)
  await look('identity, empty', identity.title)
  const [year = '', month = '', day = ''] = citizen.birthDate.split('-')
  await hand.fill(identity.name, citizen.name)
  await hand.fill(identity.day, day)
  await hand.fill(identity.month, month)
  await hand.fill(identity.year, year)
  await hand.tap(t.frame.continue)
  await look('contact', contact.title)
  await hand.fill(contact.label, 'ten.ban')
  await hand.tap(contact.button)
  await look('contact, wrong', contact.title)
  await hand.fill(contact.label, citizen.email)
  await hand.tap(contact.button)
  await look('code', code.title)
  await hand.fill(code.label(6), '12')
  await hand.tap(t.frame.continue)
  await look('code, wrong', code.title)
  await page.evaluate(`document.querySelector('#resend').submit()`)
  await look('code, asked for too soon', code.title)
  await page.goto(page.url())
  await look('code again', code.title)
  await hand.fill(code.label(6), await citizen.readCode())
  await hand.tap(t.frame.continue)
  await look('make the passkey', passkey.title)
  await hand.tapAndUnlock(passkey.button)
  await look('done', done.title)
  await hand.tap(t.frame.backTo(say.portal))
  await look('consent', t.consent.title(say.portal))
  await hand.tap(t.consent.allow)
  await at(page, say.hello(citizen.name))
  await askedForMore({ product, page, language, look, counter }, { hand, name: citizen.name })
  await faceToCompare({ product, page, language, look, counter }, { hand })

  await ownPages({ product, page, language, look, counter }, { hand, citizen })
  await newKey({ product, page, language, look, counter }, { hand })
  await ownPasskeysAtWork({ issuer: server.issuer, page, language, look, hand })
  await noticesAtWork({ issuer: server.issuer, page, language, look, hand })
  await contactsAtWork({ issuer: server.issuer, page, language, look, hand })
  await cancellingAtWork({ issuer: server.issuer, page, language, look, hand })
  await recoveryAtWork({ issuer: server.issuer, page, language, look, hand, number: person.number, door: () => askOf({ product, page, language }, 'login') })
  await atWork({ product, page, language, look, counter }, { hand, citizen })
  await figures({ product, page, language, look })
  await asDeveloper({ product, page, language, look, counter }, { hand, citizen })

  await page.goto(`${server.issuer}/end-session`)
  await look('sign out', t.signOut.title)
  await hand.tap(t.myEid.back)
  await at(page, t.myEid.title)
  await hand.tap(t.myEid.signOut)
  await hand.tap(t.signOut.button)
  await look('signed out', t.signOut.done)
  await atTheDoor({ product, page, language, look, counter }, { hand })
  await wardsAtWork({ server, page, language, look, hand, number: person.number, library: product.library, signIn: () => askOf({ product, page, language }, 'login') })
  await organisationsAtWork({ server, page, language, look, hand, number: person.number })
  await page.goto(`${server.issuer}/end-session`)
  await hand.tap(t.signOut.button)
  await at(page, t.signOut.done)

  // The portal does not know yet that the session is over.
  await page.goto(portal)
  await hand.tap(say.signOut)
  await at(page, say.signedOut)
  await hand.tap(say.signIn)
  await hand.tap(t.signIn.register)
  await hand.fill(t.signIn.numberLabel, '079203001234')
  await hand.tap(t.frame.continue)
  await hand.fill(identity.name, 'Nguyễn Thị Không Có')
  await hand.fill(identity.year, '1962')
  await hand.tap(t.frame.continue)
  await hand.fill(contact.label, 'khong-co@example.com')
  await hand.tap(contact.button)
  await at(page, code.title)
  await hand.fill(code.label(6), '123456')
  await hand.tap(t.frame.continue)
  await look('not this person', code.title)
  await page.goto(page.url().replace(/\/register.*/, ''))
  await hand.tap(t.frame.backTo(say.portal))
  await at(page, say.failed)
}

/** "My e-ID" of somebody who is signed in: requests of a counter, and a device. */
async function ownPages({ product: { server }, page, language, look, counter }: Tour, { hand, citizen }: { hand: Hand; citizen: Citizen }): Promise<void> {
  const t = textsOf(language)
  const { approval, myEid, device } = t
  const { bank } = counter
  const name = 'Dịch vụ bank'
  await page.goto(`${server.issuer}/tai-khoan`)
  await look('my e-ID', myEid.title)
  await hand.tap(myEid.lookForRequests)
  await look('no requests', approval.title)
  await ask(bank, { login_hint: citizen.number, scope: 'openid profile' })
  await hand.tap(approval.reload)
  await look('a request', approval.title)
  await page.locator('.cards a').click()
  await look('which code', approval.match.title(name))
  const start = page.url()
  for (const form of ['ma-so', 'dong-y', 'tu-choi']) {
    await page.goto(`${start}/${form}`)
    expect(page.url()).toBe(start)
  }
  await hand.tap('47')
  await look('confirm', approval.confirm.title(name))
  await page.evaluate(`document.querySelector('#passkey').submit()`)
  await look('confirm without passkeys', t.signIn.unsupported.title)
  await hand.tap(t.signIn.unsupported.again)
  await hand.tapAndUnlock(approval.confirm.button)
  await look('approved', approval.ended.approved.title)
  await ask(bank, { login_hint: citizen.number })
  await page.goto(`${server.issuer}/tai-khoan/yeu-cau`)
  await page.locator('.cards a').click()
  await hand.tap(approval.match.notMe)
  await look('declined', approval.ended.declined.title)
  await page.goto(`${start.slice(0, -4)}none`)
  await look('a request that is over', t.problems.list['approval.over'].title)
  await hand.tap(myEid.back)
  await at(page, myEid.title)
  await hand.tap(myEid.everywhere.link)
  await look('sign out everywhere', myEid.everywhere.title)
  await hand.tap(myEid.back)

  const asked = await initiateDeviceAuthorization(bank.config, { scope: 'openid' })
  await page.goto(`${server.issuer}/thiet-bi`)
  await look('device code', device.enter.title)
  await hand.tap(t.frame.continue)
  await look('device code, missing', device.enter.title)
  await hand.fill(device.enter.label, asked.user_code)
  await hand.tap(t.frame.continue)
  await look('device, confirm', device.confirm.title(name))
  await hand.tap(device.confirm.no)
  await look('device, refused', device.refused.title)
}

/** A second key, up to where one would have to be plugged in. */
async function newKey({ product: { server }, page, language, look }: Tour, { hand }: { hand: Hand }): Promise<void> {
  const { account: { again }, myEid: { back, keys: { add, done } }, signIn: { unsupported } } = textsOf(language)
  await page.goto(`${server.issuer}/tai-khoan`)
  await hand.tap(add.title)
  // Where the sign-in was too long ago, the person confirms once more.
  const confirm = page.getByRole('button', { name: again.button, exact: true })
  await confirm.or(page.getByRole('button', { name: add.button, exact: true })).waitFor()
  if (await confirm.isVisible()) await hand.tapAndUnlock(again.button)
  await look('new key', add.title)
  await page.evaluate(`document.querySelector('#passkey').submit()`)
  await look('new key without passkeys', unsupported.title)
  for (const [path, { title }] of [['da-them', done.any], ['da-them-phan-cung', done.hardware]] as const) {
    await page.goto(`${server.issuer}/tai-khoan/khoa-bao-mat/${path}`)
    await look(path, title)
  }
  await hand.tap(back)
}

/** A staged key is scheduled, and then is not to be used after all. */
async function atTheKeys({ server, page, language, look }: Pick<Tour, 'page' | 'language' | 'look'> & { server: Product['server'] }, { hand }: { hand: Hand }): Promise<void> {
  const { console: { nav, reason }, signingKeys: t } = textsOf(language)
  const { jwk: { kid } } = await stageKey(server.keyringFile, 'ES256', new Date())
  await expect.poll(async () => (await fetch(`${server.issuer}/jwks`)).text(), { timeout: 10_000 }).toContain(kid)
  await hand.tap(nav.system)
  await look('signing keys', t.title)
  await page.getByText(t.jwks).click()
  await look('signing keys, as published', t.title)
  await page.locator(`a[href$="${kid}/dung"]`).click()
  await look('schedule a key', t.activateTitle('ES256'))
  await hand.tap(t.submit)
  await look('schedule a key, without a reason', t.activateTitle('ES256'))
  await page.goto(`${server.issuer}/quan-tri/khoa/${kid}/ngung`)
  await look('end a key', t.retireTitle('ES256'))
  await hand.tap(t.submit)
  await look('end a key, without a reason', t.retireTitle('ES256'))
  await page.goto(`${server.issuer}/quan-tri/khoa/${kid}/thu-hoi`)
  await look('revoke a key', t.revokeTitle('ES256'))
  await hand.tap(t.submit)
  await look('revoke a key, without a reason', t.revokeTitle('ES256'))
  await page.goto(`${server.issuer}/quan-tri/khoa/${kid}/ngung`)
  await hand.fill(reason, 'Không dùng')
  await hand.tap(t.submit)
  await page.getByText(kid).first().waitFor()
  await page.goto(`${server.issuer}/quan-tri/khoa`)
  await look('signing keys, one decision waiting', t.title)
}

/** A key for when nobody can sign in is proposed. */
async function theEmergency({ page, language, look }: Pick<Tour, 'page' | 'language' | 'look'>, { hand }: { hand: Hand }): Promise<void> {
  const { console: { nav, reason, acts }, breakGlass: t } = textsOf(language)
  await page.goto(new URL('/quan-tri', page.url()).href)
  await hand.tap(nav.system)
  await hand.tap(nav.breakGlass)
  await look('emergency key, none', t.title)
  await hand.tap(t.submit)
  await look('emergency key, without a reason', t.title)
  await hand.fill(reason, 'Chưa có khóa nào')
  await hand.tap(t.submit)
  await look('emergency key, proposed', `${acts['break-glass.seal']}: break-glass`)
}

/** Everybody is told something, and then no more. */
async function atTheBanners({ page, language, look }: Pick<Tour, 'page' | 'language' | 'look'>, { hand }: { hand: Hand }): Promise<void> {
  const { console: { nav, reason }, banners: t } = textsOf(language)
  await page.goto(new URL('/quan-tri', page.url()).href)
  await hand.tap(nav.system)
  await hand.tap(nav.banners)
  await look('notices, none', t.title)
  await hand.tap(t.add)
  await look('set a notice', t.addTitle)
  await hand.tap(t.submit)
  await look('set a notice, empty', t.addTitle)
  await page.locator('input[name="kind"][value="maintenance"]').check()
  await hand.fill(t.vi, 'Từ 22 giờ đến 23 giờ tối nay không đăng nhập được. Hãy làm việc cần gấp trước giờ đó.')
  await hand.fill(t.en, 'Sign-in is not available tonight from 22:00 to 23:00. Do what is urgent before.')
  await hand.fill(t.endsAt, momentInVietnam(new Date(Date.now() + 3_600_000)))
  await hand.fill(reason, 'Nâng cấp')
  await hand.tap(t.submit)
  await look('notices, one up', t.title)
  await page.getByRole('link', { name: t.end }).first().click()
  await look('take a notice off', t.endTitle)
  await hand.tap(t.endButton)
  await look('take a notice off, without a reason', t.endTitle)
  await hand.fill(reason, 'Xong sớm')
  await hand.tap(t.endButton)
  await look('notices, one taken off', t.title)
}

/** The console of somebody who has just become a super admin, with a proposal of a colleague that waits. */
async function atWork({ product, page, language, look }: Tour, { hand, citizen }: { hand: Hand; citizen: Citizen }): Promise<void> {
  const { server } = product
  const { console: t } = textsOf(language)
  const { house } = server
  const [colleague, newcomer] = [await openAccount(server), await openAccount(server)]
  const [at, endsOn] = [new Date(), new Date(Date.now() + 28 * 86_400_000).toISOString().slice(0, 10)]
  await insertRole(house.database, { id: newId(), account: await accountOf(server, citizen.number), role: 'super-admin', since: at, endsOn }, undefined)
  const change = { act: 'role.grant', role: { account: newcomer.account, role: 'auditor', ends_on: endsOn } } as const
  const proposal = { id: proposalId.parse(newId()), change, proposer: colleague.account, proposedAt: at, reason: 'Thay người nghỉ' }
  await house.proposals.add(proposal, { type: 'proposal.made', proposal: proposal.id, act: change.act, subject: newcomer.account, by: colleague.account })

  await page.goto(`${server.issuer}/quan-tri`)
  await look('console', t.title)
  const { search } = textsOf(language)
  await page.keyboard.press('/')
  await page.keyboard.type(language === 'vi' ? 'vai tro' : 'roles')
  await page.keyboard.press('Enter')
  await look('search of the console', search.results(language === 'vi' ? 'vai tro' : 'roles'))
  await page.goto(`${server.issuer}/quan-tri`)
  await hand.tap(t.overview.toApprovals)
  await look('approvals', t.approvals.title)
  await page.locator(`a[href$="${proposal.id}"]`).click()
  const title = `${t.acts['role.grant']}: ${newcomer.name}`
  await look('a proposal', title)
  await hand.tap(t.approvals.return)
  await look('a proposal, returned without a reason', title)
  await hand.tapAndUnlock(t.approvals.sign)
  await page.getByText(t.approvals.evidence, { exact: true }).waitFor()
  await look('a proposal, approved', title)

  await hand.tap(t.nav.roles)
  await look('roles', t.roles.title)
  await hand.tap(t.roles.matrix)
  await look('table of permissions', t.roles.matrixTitle)
  await hand.tap(t.back)
  await hand.tap(t.roles.propose)
  await look('propose a role', t.roles.proposeTitle)
  await hand.tap(t.roles.submit)
  await look('propose a role, empty', t.roles.proposeTitle)
  await hand.fill(t.roles.number, newcomer.number)
  await page.getByLabel(t.roles.names.support, { exact: true }).check()
  await hand.fill(t.roles.endsOn, endsOn)
  await hand.fill(t.reason, 'Cần')
  await hand.tap(t.roles.submit)
  await look('a proposal of one\'s own', title)
  await hand.tap(t.approvals.withdraw)
  await look('a proposal withdrawn without a reason', title)
  await hand.fill(t.approvals.withdrawReason, 'Ghi nhầm')
  await hand.tap(t.approvals.withdraw)
  await page.getByText(t.approvals.outcomes.withdrawn).waitFor()

  await clientsAtWork({ product, page, language, look }, { hand, colleague: colleague.account })

  // What officers do needs a sign-in of the last five minutes, and looking takes long.
  const signInAnew = async () => {
    await hand.pickSuggestion(() => askOf({ product, page, language }, 'login'))
    await page.waitForURL(`${product.library}/**`)
    await page.goto(`${server.issuer}/quan-tri`)
  }
  await signInAnew()
  await goingLiveAtWork({ product, page, language, look }, { hand, developer: await accountOf(server, citizen.number), other: colleague.account })

  const [held] = await house.officers.rolesOf(newcomer.account)
  const { officers } = textsOf(language)
  await page.goto(`${server.issuer}/quan-tri/vai-tro`)
  await hand.tap(t.nav.officers)
  await look('officers', officers.title)
  await page.locator('summary').click()
  await hand.fill(officers.place, 'khong co')
  await hand.tap(textsOf(language).listing.apply)
  await look('officers, none found', officers.title)
  const { manyRoles } = textsOf(language)
  await signInAnew()
  await page.goto(`${server.issuer}/quan-tri/can-bo`)
  await hand.tap(manyRoles.link)
  await look('propose many roles', manyRoles.title)
  await hand.fill(manyRoles.list, 'number,role,ends_on\n123,no-role,never')
  await hand.tap(manyRoles.submit)
  await look('propose many roles, faults', manyRoles.title)
  await hand.fill(manyRoles.list, `number,role,ends_on,end\n${newcomer.number},analyst,${endsOn},\n${newcomer.number},auditor,,x`)
  await hand.fill(t.reason, 'Đổi vị trí')
  await hand.tap(manyRoles.submit)
  await look('many roles, proposed', `${t.acts['role.many']}: ${manyRoles.subject('1', '1')}`)
  await page.goto(`${server.issuer}/quan-tri/vai-tro/${held?.id}/ket-thuc`)
  await look('end a role', t.roles.endTitle(t.roles.names.auditor, newcomer.name))
  await hand.tap(t.roles.endButton)
  await look('end a role without a reason', t.roles.endTitle(t.roles.names.auditor, newcomer.name))
  await hand.fill(t.reason, 'Nghỉ')
  await hand.tap(t.roles.endButton)
  await look('roles, one ended', t.roles.title)
  await signInAnew()
  await atTheKeys({ server, page, language, look }, { hand })
  await signInAnew()
  await theLog({ product: { server }, page, language, look }, { hand, citizen, colleague: newcomer.number })
  await atTheBanners({ page, language, look }, { hand })
  await theEmergency({ page, language, look }, { hand })
  await deskAtWork({ server, country: product.country, page, language, hand, look, signInAnew, account: await accountOf(server, citizen.number) })
  await organisationFilesAtWork({ server, page, language, look, hand, signInAnew })
  await page.goto(`${server.issuer}/quan-tri/da-xac-nhan`)
  await look('confirmed in another tab', t.confirmAgain.done)
}

/** Numbers of the system: some days have many sign-ins, and one has few. */
async function figures({ product: { server }, page, language, look }: Pick<Tour, 'product' | 'page' | 'language' | 'look'>): Promise<void> {
  const { statistics: t } = textsOf(language)
  const [today, thisMonth] = [dayInVietnam(new Date()), monthOf(new Date())]
  const rows = [[today, 2, 'finished', 1240], [today, 0, 'account.locked', 31], [today, 0, 'cancelled', 3]] as const
  for (const [day, level, outcome, count] of rows) {
    await server.house.database.change(sql`
      insert into daily_count (day, kind, client_id, level, outcome, count) values (${day}, 'sign-in', 'thue', ${level}, ${outcome}, ${count}) on conflict do nothing`)
  }
  await server.house.statistics.refresh(new Date(), { recount: true })
  await page.goto(`${server.issuer}/quan-tri/thong-ke`)
  await look('statistics', t.monthTitle(thisMonth.split('-').toReversed().join('/')))
  // Files are not pages to look at.
  await page.evaluate(`fetch('/quan-tri/thong-ke/tep?thang=${thisMonth}&bang=ngay')`)
  await healthOf({ product: { server }, page, language, look })
}

/** How the portal does, and what of it ends soon. */
async function healthOf({ product: { server }, page, language, look }: { product: Pick<Product, 'server'> } & Pick<Tour, 'page' | 'language' | 'look'>): Promise<void> {
  const { health: t, console } = textsOf(language)
  const { house } = server
  const client = await house.clients.find(clientId.parse(clientIds.portal))
  if (client === undefined) throw new Error('there is no portal')
  const start = `${server.issuer}/quan-tri/ung-dung/${client.id}`
  await page.goto(`${start}/suc-khoe`)
  await look('health of a client, to others', t.title(client.registered.client_name))
  const [worker] = await house.database.rows(sql<{ id: string }>`select account_id as id from officer_role where role = 'super-admin' order by since desc limit 1`)
  await insertRole(house.database, { id: newId(), account: accountId.parse(worker?.id), role: 'client-admin', sector: client.own.sector, since: new Date(), endsOn: dayInVietnam(new Date(Date.now() + 86_400_000)) }, undefined)
  const [at, soon] = [new Date(), new Date(Date.now() + 5 * 86_400_000).toISOString()]
  await house.health.add({
    faults: [{ client: client.id, hour: at, error: 'invalid_grant', reason: '', count: 12 }, { client: client.id, hour: at, error: 'access_denied', reason: 'the person did not agree', count: 3 }],
    marks: [{ client: client.id, what: 'certificate', at, detail: soon }, { client: client.id, what: 'keys-failed', at, detail: 'too-slow' }],
  })
  await page.goto(`${server.issuer}/quan-tri`)
  await look('console, something ends soon', console.title)
  await page.goto(`${start}/suc-khoe`)
  await look('health of a client', t.title(client.registered.client_name))
  await page.evaluate(`fetch('/quan-tri/ung-dung/${client.id}/suc-khoe/tep?thang=${monthOf(at)}')`)
  await page.goto(`${start}/lien-ket`)
  const linked = `${t.links.title}: ${client.registered.client_name}`
  await look('linked accounts', linked)
  await page.locator('#file').setInputFiles({ name: 'sub.csv', mimeType: 'text/csv', buffer: Buffer.from('sub\n=1+1\n') })
  await page.getByRole('button', { name: t.links.button, exact: true }).click()
  await look('linked accounts, a wrong file', linked)
}

/** The log of record, of somebody who has just become an auditor too; and what whoever was looked up sees of it. */
async function theLog({ product: { server }, page, language, look }: Pick<Tour, 'page' | 'language' | 'look'> & { product: Pick<Product, 'server'> }, { hand, citizen, colleague }: { hand: Hand; citizen: Citizen; colleague: string }): Promise<void> {
  const { audit: t, console } = textsOf(language)
  const { house } = server
  const [account, endsOn] = [await accountOf(server, citizen.number), new Date(Date.now() + 28 * 86_400_000).toISOString().slice(0, 10)]
  await insertRole(house.database, { id: newId(), account, role: 'auditor', since: new Date(), endsOn }, undefined)
  await house.audit.append({ type: 'officer.refused', by: await accountOf(server, colleague), permission: 'client.approve', reason: 'wrong-signature' })
  await house.audit.append({ type: 'audit.looked-up', lookup: lookUpId.parse(newId()), by: account, role: 'auditor', account, case: '000.00.19.H29-261104-0001', ground: 'complaint' }, { type: 'account.shown', account, by: 'operator' })
  await page.goto(`${server.issuer}/quan-tri`)
  await look('console, an alarm', console.title)
  await hand.tap(console.nav.audit)
  await look('log of record', t.title)
  await page.evaluate(`fetch('/quan-tri/nhat-ky/tai-ve')`)
  await page.locator('summary').first().click()
  await look('log of record, in detail', t.title)
  await hand.fill(t.asked, 'ABCD234')
  await hand.tap(t.search)
  await look('log of record, no such number', t.title)
  await house.toldProblems.add([{ reference: '7F3K-29QD', at: new Date(), problem: 'interaction.expired', place: '/interaction/:uid/passkey', client: 'portal', error: 'invalid_request' }])
  await hand.fill(t.asked, '7f3k 29qd')
  await hand.tap(t.search)
  await look('log of record, a reference', t.title)
  await hand.tap(t.lookUp.link)
  await look('look up', t.lookUp.title)
  await hand.tap(t.lookUp.button)
  await look('look up, empty', t.lookUp.title)
  await hand.fill(t.lookUp.whom, colleague)
  await hand.fill(t.lookUp.case, '12/2026/HS-TA')
  await page.getByLabel(t.lookUp.grounds.court, { exact: true }).check()
  await hand.tap(t.lookUp.button)
  await look('looked up', t.lookUp.results('12/2026/HS-TA'))
  await page.goto(`${server.issuer}/tai-khoan`)
  await hand.tap(t.history.link)
  await look('who looked', t.history.title)
}

/** The developers' portal, and the sandbox behind it. */
async function asDeveloper({ product: { server }, page, language, look }: Tour, { hand, citizen }: { hand: Hand; citizen: Citizen }): Promise<void> {
  const { developer: t, sandbox, signIn, consent } = textsOf(language)
  const name = 'Ứng dụng của tôi'
  const home = `${server.issuer}/nha-phat-trien`
  await page.goto(home)
  await look('developers', t.title)
  await hand.tap(t.create)
  await look('developers, nothing typed', t.title)
  await hand.fill(t.name, name)
  await hand.fill(t.uri, 'http://localhost:3010/callback')
  await hand.tap(t.create)
  await look('a test application', name)
  const client = page.url()
  for (const summary of await page.locator('summary').all()) await summary.click()
  await look('a test application, code open', name)
  await hand.tap(t.fault.button)
  await page.getByText(t.fault.off, { exact: true }).waitFor()
  await look('a test application, fault on', name)
  await hand.tap(t.client.trial)
  await page.getByText(sandbox.people.title, { exact: true }).waitFor()
  await at(page, signIn.title(name))
  await page.locator('button[value="1"]').click()
  await at(page, consent.title(name))
  await hand.tap(consent.allow)
  await look('a try that failed', t.trial.title)
  await page.goto(client)
  await hand.tap(t.fault.off)
  await hand.tap(t.client.trial)
  await hand.tap(consent.allow)
  await look('a try that went well', t.trial.title)
  await page.goto(`${home}/tro-ve?state=none`)
  await look('a try that is over', t.trial.over)
  await page.goto(client)
  await hand.tap(t.client.requests)
  await look('requests of an application', t.requests.title)
  await page.goto(client)
  await hand.tap(t.client.change)
  await look('change an application', t.client.change)
  await hand.fill(t.uri, 'http://example.com/')
  await hand.tap(t.client.save)
  await look('change an application, wrong', t.client.change)
  await page.goto(home)
  await hand.tap(textsOf(language).selfRegistration.button)
  await look('a registration token', textsOf(language).selfRegistration.shown)
  await withoutRoom(server, await accountOf(server, citizen.number))
  await page.goto(home)
  await hand.tap(textsOf(language).selfRegistration.button)
  await look('a registration token, no room', textsOf(language).selfRegistration.title)
  await page.goto(`${client}/xoa`)
  await look('remove an application', t.client.removeTitle(name))
  await hand.tap(t.client.removeButton)
  await at(page, t.title)
}

/** As many applications as one developer may have, with the token that waits for one more. */
async function withoutRoom(server: Product['server'], owner: AccountId): Promise<void> {
  const beside = sandboxOf(server)
  const held = await beside.sandbox.clients.mine(owner)
  for (let at = held.length + 1; at < clientsPerDeveloper; at += 1) await makeClient(beside, owner)
}

async function accountOf({ house }: Product['server'], number: string) {
  const person = await house.registry.findByNumber(personalNumber.parse(number))
  const account = person && (await house.accounts.findByPerson(person.id))
  if (account === undefined) throw new Error('nobody with this number has an account')
  return account.id
}

async function openAccount({ house, nextPerson }: Product['server']) {
  const { id, name, number } = nextPerson()
  const account = anAccount({ person: id })
  await house.accounts.open({ account })
  return { account: account.id, name, number }
}

/** Whoever stops at the door of "my e-ID" is told so. */
async function atTheDoor({ product: { server }, page, language, look }: Tour, { hand }: { hand: Hand }): Promise<void> {
  const t = textsOf(language)
  await page.goto(`${server.issuer}/tai-khoan`)
  await hand.tap(t.frame.backTo(t.frame.product))
  await look('not signed in', t.myEid.notSignedIn.title)
  await hand.pickSuggestion(() => hand.tap(t.myEid.notSignedIn.again))
  await look('my e-ID again', t.myEid.title)
  await ownLockAtWork({ issuer: server.issuer, page, language, look, hand })
  await hand.tap(t.myEid.everywhere.link)
  await hand.tap(t.myEid.everywhere.button)
  await look('signed out everywhere', t.myEid.everywhere.done)
  await lostAtWork({ issuer: server.issuer, page, language, look, hand })
}

/** The library asks for a sign-in of this kind. */
async function askOf({ product, page, language }: Pick<Tour, 'product' | 'page' | 'language'>, prompt: string, more: Record<string, string> = {}): Promise<void> {
  const client = await product.server.house.clients.find(clientId.parse(clientIds.library))
  await page.goto(`${product.server.issuer}/authorize?${new URLSearchParams({
    client_id: clientIds.library, redirect_uri: client?.registered.redirect_uris[0] ?? '', response_type: 'code', scope: 'openid', prompt, ui_locales: language,
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', code_challenge_method: 'S256', ...more,
  }).toString()}`)
}

/** Another service wants to know which account it is, and that it is still the same person. */
async function askedForMore({ product, page, language, look }: Tour, { hand, name }: { hand: ReturnType<typeof makeHand>; name: string }): Promise<void> {
  const { account, signIn } = textsOf(language)
  const { library } = demoWords(language)
  const ask = (prompt: string) => askOf({ product, page, language }, prompt)
  await ask('select_account')
  await look('which account', account.chooseTitle(library))
  await hand.tap(`${account.same} ${name}`)
  await page.waitForURL(`${product.library}/**`)
  await ask('login')
  await look('confirm again', account.again.title(library))
  const start = page.url()
  await page.goto(`${start}/account`)
  expect(page.url()).toBe(start)
  await hand.tap(account.another)
  await look('another account', signIn.title(library))
}

/** Level 3: the passkey, and then the face at the authority, which is played here. */
async function faceToCompare({ product, page, language, look }: Tour, { hand }: { hand: Hand }): Promise<void> {
  const { face } = textsOf(language)
  const { library } = demoWords(language)
  const said = (outcome: string) => page.locator(`button[value="${outcome}"]`).click()
  await hand.pickSuggestion(() => askOf({ product, page, language }, 'login', { acr_values: 'urn:vn:eid:loa:3' }))
  await look('compare the face', face.title(library))
  const start = page.url()
  await hand.tap(face.button)
  await page.goto(`${start}/khuon-mat/xong`)
  await look('waiting for the face', face.pending.title)
  await page.goto(start)
  await hand.tap(face.button)
  await said('inconclusive')
  await look('the face was not clear', face.title(library))
  await hand.tap(face.button)
  await said('match')
  await page.waitForURL(`${product.library}/**`)
}

describeInBrowser('every page of the running server in Chromium', () => {
  let browser: Browser
  let product: Product
  let counter: Counter
  beforeAll(async () => {
    counter = await openCounter()
    ;[browser, product] = await Promise.all([openBrowser(), startProduct({ more: [counter.metadata], env: { OUTBOUND_ALLOW: 'localhost' }, sandbox: true })])
    await counter.open(product.server.issuer)
  })
  afterAll(async () => {
    await browser.close()
    await product.close()
    await counter.close()
  })

  test.each(languages)('is sound for everybody at every size, breaks no policy and complains of nothing (%s)', async (language) => {
    const { context, page } = await browser.visit({ locale: language === 'vi' ? 'vi-VN' : 'en-US', reducedMotion: 'reduce' })
    await armInspection(page)
    const complaints = hearComplaints(page)
    const asked = new Set<string>()
    const policies: string[] = []
    page.on('response', (response) => {
      const [, forms] = /form-action ([^;]*)/.exec(response.headers()['content-security-policy'] ?? '') ?? []
      if (response.request().isNavigationRequest() && response.status() !== 303 && forms) policies.push(forms)
    })
    page.on('request', (request) => {
      const { origin, pathname } = new URL(request.url())
      const found = origin === product.server.issuer && patterns.find(({ method, path }) => method === request.method() && path.test(pathname))
      if (found) asked.add(found.route)
    })
    const titles = new Map<string, string>()
    const faults: string[] = []
    await wholeTour({
      product, page, language, counter,
      look: async (name, heading) => {
        await at(page, heading)
        expect(await page.evaluate('document.documentElement.lang'), name).toBe(language)
        if (process.env['PICTURES'] !== undefined) await pictures(page, `page ${name} ${language}`)
        if (process.env['SCREENS'] !== undefined) await screen(page, { folder: process.env['SCREENS'], name, at: titles.size + 1 })
        // Our own pages are a service too, to which `'self'` leads back.
        const isOwn = (await page.locator('.plate').allInnerTexts()).some((plate) => plate.includes(textsOf(language).frame.product))
        const leads = isOwn || await page.locator('form[action$="/cancel"]').count() === 0 || [product.portal, product.library].some((service) => policies.at(-1)?.includes(service))
        if (!leads) faults.push(`${name}: its policy bars the way back to the service`)
        const focused = await page.evaluate(`!document.title.startsWith('${textsOf(language).frame.errorPrefix}') || !document.getElementById('faults') || document.activeElement.id === 'faults'`)
        const found = await inspect(page)
        if (!focused) found.push('the summary of errors has not the focus')
        if (language === 'vi') found.push(...(await walkByKeyboard(page)))
        faults.push(...found.map((fault) => `${name}: ${fault}`))
        titles.set(name, await page.title())
      },
    })
    await context.close()
    expect(faults).toEqual([])
    expect(complaints).toEqual([])
    expect([...titles.values()].filter((title) => !title.endsWith(` – ${textsOf(language).frame.product}`))).toEqual([])
    expect(new Set(titles.values()).size).toBeGreaterThan(20)
    const pictured = new Set(readdirSync(join(root, 'docs', 'screens')).map((file) => /^(.*)-\d+\.jpg$/.exec(file)?.[1]))
    const unseen = process.env['SCREENS'] === undefined ? [...titles.keys()].filter((name) => !pictured.has(fileName(name))) : []
    expect(unseen, 'have no picture in docs/screens: npm run screens').toEqual([])
    const missed = patterns.map(({ route }) => route).filter((route) => !asked.has(route))
    expect(missed).toEqual([])
  }, 1_200_000)
})

const fileName = (name: string) => name.replaceAll(/[^\w]+/g, '-').replaceAll(/^-|-$/g, '') || 'home'

/** For docs/screens: as most people see it, on a phone; what is for work on a desk. */
async function screen(page: Page, { folder, name, at: number }: { folder: string; name: string; at: number }): Promise<void> {
  const forWork = /^\/(quan-tri|nha-phat-trien)/.test(new URL(page.url()).pathname)
  const viewport = forWork ? desktop : phone
  await page.setViewportSize(viewport)
  const file = `${String(number).padStart(3, '0')}-${fileName(name)}-${viewport.width}.jpg`
  await page.screenshot({ path: `${folder}/${file}`, fullPage: true, type: 'jpeg', quality: 60, scale: 'css' })
  await page.setViewportSize(phone)
}

async function pictures(page: Page, name: string): Promise<void> {
  for (const [viewport, colorScheme] of [[phone, 'light'], [desktop, 'light'], [phone, 'dark']] as const) {
    await page.setViewportSize(viewport)
    await page.emulateMedia({ colorScheme })
    await picture(page, `${name} ${viewport.width} ${colorScheme}`)
  }
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize(phone)
}

