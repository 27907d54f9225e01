import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { personalNumber, type Person } from '#domain/registry/person.ts'
import { textsOf, type Language } from '#web/i18n/language.ts'
import { at, type Hand } from './hand.ts'
import { accountOf } from './journey.ts'
import { aPerson } from './made-up.ts'
import type { TestServer } from './running.ts'

type Tour = { server: TestServer; /** Asks to sign in at the service that lives there. */ signIn: () => Promise<void>; library: string; page: Page; language: Language; hand: Hand; look: (name: string, heading: string) => Promise<void>; number: string }

/** The register learns that this person has a child of eight, and a desk has seen them: the child. */
async function withChild({ house }: TestServer, number: string): Promise<Person> {
  const parent = await house.registry.findByNumber(personalNumber.parse(number))
  if (parent === undefined) throw new Error('nobody has this number')
  const card = { kind: 'can-cuoc' as const, issuedOn: '2025-08-01', issuedAt: 'Bộ Công an', expiresOn: '2099-01-01' }
  const relation = (kind: 'mother' | 'child', { name, number: theirs }: Person) => ({ kind, name, number: theirs })
  const child = aPerson({ name: 'Phạm Minh Anh', number: personalNumber.parse(`0792180${number.slice(-5)}`), birthDate: '2018-09-10', sex: 'male', card, relations: [relation('mother', parent)] })
  const now: Person = { ...parent, relations: [...parent.relations, relation('child', child)], source: { ...parent.source, version: parent.source.version + 1 } }
  async function* batch() {
    yield [child, now]
  }
  await house.registry.importAll(batch())
  await house.accounts.move(await accountOf({ house }, { citizen: { number } }), { to: 'raise', by: 'officer' }, new Date())
  return child
}

/** A parent opens an account for their child, and signs in for the child at a service. */
export async function wardsAtWork({ server, signIn, library, page, language, hand, look, number }: Tour): Promise<void> {
  const { acting, signOut } = textsOf(language)
  const home = `${server.issuer}/tai-khoan/nguoi-dai-dien`
  await hand.pickSuggestion(async () => void (await page.goto(home)))
  await look('nobody to act for', acting.wards.title)
  const child = await withChild(server, number)
  await page.goto(home)
  await look('people to act for', acting.wards.title)
  await hand.tap(acting.wards.open(child.name))
  await look('people to act for, with an account', acting.wards.title)

  await hand.pickSuggestion(signIn)
  await look('for whom', acting.title)
  await hand.tap(`${acting.instead} ${child.name} (${acting.ties.parent})`)
  // One page sends itself on to the next until the service is reached.
  await expect.poll(() => new URL(page.url()).origin, { timeout: 15_000 }).toBe(library)
  await page.goto(`${server.issuer}/end-session`)
  await hand.tap(signOut.button)
  await at(page, signOut.done)
}
