import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import { desktop, fitsWidth, phone } from './browser.ts'

export const wcag = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

/**
 * Puts axe into every document that the page will open, which no content security policy hinders. Once for the whole visit: to send
 * its source again to each page took longer than all that axe then does there.
 */
export async function armInspection(page: Page): Promise<void> {
  await page.addInitScript({ path: axePath })
}

/** axe on a page that was armed; one readable line for each fault. */
export async function axeFaults(page: Page, runOnly: readonly string[]): Promise<string[]> {
  return page.evaluate(`axe.run(document, ${JSON.stringify({ runOnly, resultTypes: ['violations'] })}).then(({ violations }) =>
    violations.flatMap(({ id, help, nodes }) => nodes.map(({ target }) => id + ': ' + help + ' (' + target.join(' ') + ')')))`)
}

/** What is wrong with the page as it stands, for a phone and a desktop, light and dark; empty is what a test expects. */
export async function inspect(page: Page): Promise<string[]> {
  const faults: string[] = []
  await page.setViewportSize(desktop)
  faults.push(...(await axeFaults(page, wcag)).map((fault) => `${desktop.width}: ${fault}`))
  await page.setViewportSize({ width: 320, height: 640 })
  if (!(await fitsWidth(page))) faults.push('320: wider than the window')
  await page.setViewportSize(phone)
  faults.push(...(await axeFaults(page, wcag)).map((fault) => `${phone.width}: ${fault}`))
  await page.emulateMedia({ colorScheme: 'dark' })
  faults.push(...(await axeFaults(page, ['color-contrast'])).map((fault) => `dark: ${fault}`))
  await page.emulateMedia({ colorScheme: 'light' })
  const headings = await page.locator('h1').count()
  if (headings !== 1) faults.push(`${headings} headings of the first level`)
  return faults
}

/** Every control that a keyboard must reach, in the order of the page, and how it is marked when it has the focus. */
const controls = `[...document.querySelectorAll('a[href],button:enabled,input:enabled:not([type=hidden]),summary,pre[tabindex]')]
  .filter((e) => e.getClientRects().length > 0 && !e.closest('details:not([open]) > :not(summary)') && (e.type !== 'radio' || e.checked))`

/** Remembers each control that gets the focus, and whether it is marked then: to ask after each press took longer than the press. */
const listen = `(globalThis.stops = ${controls}, globalThis.walked = [], document.addEventListener('focusin', ({ target }) => {
  const { outlineStyle, outlineWidth } = getComputedStyle(target)
  globalThis.walked.push({ at: globalThis.stops.indexOf(target), marked: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2 && target.getClientRects().length > 0 })
}), globalThis.stops.map((e, at) => at + ' ' + e.outerHTML.slice(0, 60)))`

/** Tab goes through every control in order and says where it is; otherwise what went wrong (WCAG 2.1.1, 2.4.3, 2.4.7). */
export async function walkByKeyboard(page: Page): Promise<string[]> {
  const names: string[] = await page.evaluate(listen)
  const marks = new Map<number, boolean>()
  // The walk may begin anywhere, and goes once through the browser's own controls: then it takes a few more.
  for (let round = 0; round < 3 && marks.size < names.length; round += 1) {
    for (let press = 0; press < (round === 0 ? names.length : Math.ceil(names.length / 2) + 1); press += 1) await page.keyboard.press('Tab')
    const walked: readonly { at: number; marked: boolean }[] = await page.evaluate('globalThis.walked')
    for (const { at, marked } of walked) if (at >= 0 && !marks.has(at)) marks.set(at, marked)
  }
  const seen = [...marks.keys()]
  const faults = [...marks].filter(([, marked]) => !marked).map(([at]) => `no visible focus: ${names[at]}`)
  // The walk may begin at an error summary; from there it goes round once.
  const first = seen.indexOf(0)
  const round = [...seen.slice(first), ...seen.slice(0, first)]
  names.forEach((name, at) => {
    if (round[at] !== at) faults.push(`out of order or not reached: ${name}`)
  })
  return faults
}

/** What the page complains about while it is used: the console, errors, and what its own policy refused. */
export function hearComplaints(page: Page): string[] {
  const complaints: string[] = []
  page.on('console', (message) => {
    // A wrong form, a step before its time and a refusal are answered with a number, and Chromium notes it.
    if (/^Failed to load resource.* (400|403|404|409|422) /.test(message.text())) return
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(`${message.text()} at ${page.url()}`)
  })
  page.on('pageerror', (error) => complaints.push(`${error.message} at ${page.url()}`))
  return complaints
}
