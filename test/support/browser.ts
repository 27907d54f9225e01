import { existsSync, mkdirSync } from 'node:fs'
import { AxeBuilder } from '@axe-core/playwright'
import { chromium } from 'playwright-core'
import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { describe } from 'vitest'

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium'

/** What keeps Debian's Chromium alone in a container: no sandbox for root, no traffic of its own. */
const args = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--hide-scrollbars',
]

/** A page that has not come by then does not come; a slow machine is still given its time. */
const longestWait = 10_000

export type Browser = {
  /** A visitor with an empty profile; Vietnamese, 360 px wide and light unless told otherwise. */
  visit: (options?: BrowserContextOptions) => Promise<{ context: BrowserContext; page: Page }>
  close: () => Promise<void>
}

/** `hosts`: names that lead to this machine, as `*.example`; their certificates are taken as they are. */
export async function openBrowser({ hosts }: { hosts?: string } = {}): Promise<Browser> {
  const own = hosts === undefined ? [] : [`--host-resolver-rules=MAP ${hosts} 127.0.0.1`]
  const browser = await chromium.launch({ executablePath, headless: true, args: [...args, ...own] })
  return {
    visit: async (options = {}) => {
      const context = await browser.newContext({ locale: 'vi-VN', colorScheme: 'light', viewport: phone, ignoreHTTPSErrors: hosts !== undefined, ...options })
      context.setDefaultTimeout(longestWait)
      return { context, page: await context.newPage() }
    },
    close: () => browser.close(),
  }
}

export const phone = { width: 360, height: 740 }
export const desktop = { width: 1280, height: 800 }

/** The sizes and schemes every page is looked at in. */
export const looks = [phone, desktop].flatMap((viewport) =>
  (['light', 'dark'] as const).map((colorScheme) => ({ name: `${viewport.width} ${colorScheme}`, viewport, colorScheme })))

/** `describe` where Chromium is installed; elsewhere the suite is left out and says so, and under CI=true that is a failure. */
export const describeInBrowser: typeof describe.skip = existsSync(executablePath) ? describe : leftOut()

function leftOut(): typeof describe.skip {
  if (process.env['CI'] === 'true') throw new Error(`${executablePath} is missing, and CI leaves nothing out`)
  console.log(`left out: browser tests (no ${executablePath}; Debian: apt install chromium)`)
  return describe.skip
}

const artifacts = new URL('../artifacts/', import.meta.url).pathname

/** A picture of the whole page under `test/artifacts/`, for people to look at; returns its path. */
export async function picture(page: Page, name: string): Promise<string> {
  mkdirSync(artifacts, { recursive: true })
  const path = `${artifacts}${name.replaceAll(/[^\w-]+/g, '-')}.png`
  await page.screenshot({ path, fullPage: true })
  return path
}

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** What axe finds against WCAG 2.2 AA and good practice, one readable line each; empty is what a test expects. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).withTags(rules).analyze()
  return violations.flatMap(({ id, help, nodes }) => nodes.map(({ target }) => `${id}: ${help} (${target.join(' ')})`))
}

/** True when nothing sticks out to the right (WCAG 2.2 §1.4.10 Reflow). */
export async function fitsWidth(page: Page): Promise<boolean> {
  return page.evaluate('document.documentElement.scrollWidth <= document.documentElement.clientWidth')
}

/** Buttons of which one stands right below another, without a gap in which a finger may miss (WCAG 2.2 §2.5.8): an expression for the page. */
export const touchingButtons = `[...document.querySelectorAll('main button, main .btn')].filter((e) => e.getClientRects().length > 0 && getComputedStyle(e).borderTopWidth !== '0px')
  .filter((e, at, all) => at > 0 && all[at - 1].getBoundingClientRect().right > e.getBoundingClientRect().left
    && Math.abs(e.getBoundingClientRect().top - all[at - 1].getBoundingClientRect().bottom) < 8)
  .map((e) => 'touches the button above: ' + e.textContent.trim())`
