import type { Page } from 'playwright-core'
import { textsOf, type Language } from '#web/i18n/language.ts'
import { words } from '#demo/words.ts'
import type { Passkeys } from './browser-passkeys.ts'
import type { Citizen } from './citizen.ts'

/** What a person did: every touch of a control, every field filled in, every unlocking of the device. */
export type Effort = { taps: number; fields: number; unlocks: number }

export type Hand = {
  tap: (name: string | RegExp) => Promise<void>
  /** Follows a link or presses the button that asks for the passkey, and unlocks the device. */
  tapAndUnlock: (name: string) => Promise<void>
  fill: (label: string, text: string) => Promise<void>
  /** Picks the passkey among the suggestions of a page that `opening` leads to, and unlocks the device. */
  pickSuggestion: (opening: () => Promise<void>) => Promise<void>
  /** The effort since the last time this was asked. */
  effort: () => Effort
}

/** The hand of somebody who reads the page: it finds controls by their names and counts what it does. */
export function makeHand(page: Page, passkeys: Passkeys): Hand {
  let done: Effort = { taps: 0, fields: 0, unlocks: 0 }
  const control = (name: string | RegExp) => page.getByRole('button', { name, exact: true }).or(page.getByRole('link', { name, exact: true }))
  const tap = async (name: string | RegExp) => {
    done.taps += 1
    await control(name).click()
  }
  return {
    tap,
    tapAndUnlock: (name) => passkeys.used(async () => {
      done.unlocks += 1
      await tap(name)
    }),
    fill: async (label, text) => {
      done.fields += 1
      await page.getByLabel(label, { exact: true }).fill(text)
    },
    pickSuggestion: (opening) => passkeys.used(async () => {
      done = { ...done, taps: done.taps + 1, unlocks: done.unlocks + 1 }
      await opening()
    }),
    effort: () => {
      const since = done
      done = { taps: 0, fields: 0, unlocks: 0 }
      return since
    },
  }
}

export type Visitor = { page: Page; hand: Hand; language: Language }

/** From the sign-in page through the registration, up to the page that asks for the passkey. */
export async function registerUpToPasskey({ page, hand, language }: Visitor, citizen: Citizen): Promise<void> {
  const t = textsOf(language)
  const { number, identity, contact, code } = t.registration
  const [year = '', month = '', day = ''] = citizen.birthDate.split('-')
  await hand.tap(t.signIn.register)
  await at(page, number.title)
  await hand.fill(t.signIn.numberLabel, citizen.number)
  await hand.tap(t.frame.continue)
  await at(page, identity.title)
  await hand.fill(identity.name, citizen.name)
  await hand.fill(identity.day, day)
  await hand.fill(identity.month, month)
  await hand.fill(identity.year, year)
  await hand.tap(t.frame.continue)
  await at(page, contact.title)
  await hand.fill(contact.label, citizen.email)
  await hand.tap(contact.button)
  await at(page, code.title)
  await hand.fill(code.label(6), await citizen.readCode())
  await hand.tap(t.frame.continue)
  await at(page, t.registration.passkey.title)
}

/** From the sign-in page to wherever the service leads after the registration. */
export async function registerBy(visitor: Visitor, citizen: Citizen, service: string): Promise<void> {
  const { page, hand, language } = visitor
  const t = textsOf(language)
  await registerUpToPasskey(visitor, citizen)
  await hand.tapAndUnlock(t.registration.passkey.button)
  await at(page, t.registration.done.title)
  await hand.tap(t.frame.backTo(service))
}

/** Waits until the page with this heading is there. */
export async function at(page: Page, heading: string): Promise<void> {
  await page.getByRole('heading', { level: 1, name: heading, exact: true }).waitFor().catch(async (error: unknown) => {
    throw new Error(`waited for "${heading}", stood at "${await page.title()}" ${page.url()}`, { cause: error })
  })
}

/** The demo service's own names for things. */
export function demoWords(language: Language) {
  return words[language]
}
