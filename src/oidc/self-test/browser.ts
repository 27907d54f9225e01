import type { End, Stopped } from '#domain/self-test/self-test.ts'
import type { Fault, Fetched, GuardedFetch, Sent } from '#oidc/outbound/fetch.ts'
import { makeCookies, type Cookies } from './cookies.ts'

/** A form of the sandbox's pages, by the end of its address, and what is filled in. */
export type Filled = { ending: string; fields: Readonly<Record<string, string>> }

export type Ways = {
  /** The sandbox, and the service: the browser goes between these two and nowhere else. */
  issuer: string
  service: string
  /** Where the service receives answers. */
  redirectUri: string
  here: GuardedFetch
  there: GuardedFetch
  forms: readonly Filled[]
}

export type Visit = { /** Stops before the answer is handed to the service. */ holds?: boolean; signal: AbortSignal }

/** `answer` is what a held visit stopped before. */
export type Visited = { end: End; answer?: URL | undefined }

export type Browser = { open: (url: URL, visit: Visit) => Promise<Visited> }

const mostHops = 25

type Step = { url: URL; body?: string }

/** A browser without scripts: cookies, redirects, and the forms of the sandbox, which it fills in as a person would. */
export function makeBrowser(ways: Ways): Browser {
  const cookies = makeCookies()
  return {
    async open(url, { holds = false, signal }) {
      let step: Step = { url }
      let asked = isAnswer(url, ways)
      for (let hop = 0; hop < mostHops; hop += 1) {
        if (signal.aborted) return stopped('too-slow')
        const { origin } = step.url
        if (origin !== ways.issuer && origin !== ways.service) return stopped('led-elsewhere')
        if (holds && asked && step.body === undefined && isAnswer(step.url, ways)) return { end: { place: placeOf(step.url), status: 0 }, answer: step.url }
        if (origin === ways.issuer) asked = true
        const fetched = await fetchOne(ways, cookies, step)
        if ('fault' in fetched) return stopped(faultWords[fetched.fault])
        const next = await nextOf(ways, step, fetched.answer)
        if (next === undefined) return over({ step, asked, ways, status: fetched.answer.status })
        step = next
      }
      return stopped('too-many-redirects')
    },
  }
}

const stopped = (why: Stopped): Visited => ({ end: { stopped: why } })
const placeOf = ({ origin, pathname }: URL): string => `${origin}${pathname}`
const isAnswer = (url: URL, { redirectUri }: Ways): boolean => placeOf(url) === placeOf(new URL(redirectUri)) && /[?&](code|error|response)=/.test(url.search)

/** Whoever never asked us for anything has signed nobody in; a page of ours at the end is one that says what is wrong with the request. */
function over({ step: { url }, asked, ways, status }: { step: Step; asked: boolean; ways: Ways; status: number }): Visited {
  if (url.origin === ways.issuer) return stopped('refused-here')
  return asked || status >= 400 ? { end: { place: placeOf(url), status } } : stopped('no-request')
}

const faultWords: Readonly<Record<Fault, Stopped>> = {
  'not-https': 'private-address', 'user-name': 'private-address', 'port-of-another-service': 'private-address', 'private-address': 'private-address',
  'no-such-name': 'unreachable', resting: 'unreachable', unreachable: 'unreachable', 'too-large': 'too-large', 'too-slow': 'too-slow',
}

async function fetchOne(ways: Ways, cookies: Cookies, { url, body }: Step): Promise<Fetched> {
  const headers = new Headers({ accept: 'text/html', 'sec-fetch-site': body === undefined ? 'cross-site' : 'same-origin' })
  const cookie = cookies.header(url)
  if (cookie !== undefined) headers.set('cookie', cookie)
  if (body !== undefined) {
    headers.set('content-type', 'application/x-www-form-urlencoded')
    headers.set('origin', url.origin)
  }
  const sent: Sent = body === undefined ? { headers } : { method: 'POST', headers, body }
  const fetched = await (url.origin === ways.issuer ? ways.here : ways.there)(url, 'page', sent)
  if ('answer' in fetched) cookies.keep(url, fetched.answer.headers)
  return fetched
}

async function nextOf(ways: Ways, { url }: Step, answer: Response): Promise<Step | undefined> {
  const location = answer.headers.get('location')
  if (answer.status >= 300 && answer.status < 400 && location !== null) return URL.canParse(location, url) ? { url: new URL(location, url) } : undefined
  if (url.origin !== ways.issuer || answer.status !== 200) return undefined
  return formIn(ways, url, await answer.text())
}

/** The form of the page that is known, or the one that hands an answer to the service by itself (OAuth 2.0 Form Post Response Mode). */
function formIn(ways: Ways, url: URL, page: string): Step | undefined {
  for (const [form] of page.matchAll(/<form\b[^>]*>[^]*?<\/form>/g)) {
    const to = URL.canParse(attribute(form, 'action'), url) ? new URL(attribute(form, 'action'), url) : undefined
    if (to === undefined) continue
    const known = to.origin === ways.issuer ? ways.forms.find(({ ending }) => to.pathname.endsWith(ending)) : undefined
    if (known === undefined && placeOf(to) !== placeOf(new URL(ways.redirectUri))) continue
    return { url: to, body: new URLSearchParams({ ...hiddenIn(form), ...known?.fields }).toString() }
  }
  return undefined
}

function hiddenIn(form: string): Record<string, string> {
  const inputs = [...form.matchAll(/<input\b[^>]*>/g)].map(([tag]) => tag).filter((tag) => tag.includes('type="hidden"'))
  return Object.fromEntries(inputs.map((tag) => [attribute(tag, 'name'), attribute(tag, 'value')]))
}

const entities: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'" }

function attribute(tag: string, name: string): string {
  const [, value = ''] = new RegExp(`\\b${name}="([^"]*)"`).exec(tag) ?? []
  return value.replaceAll(/&(amp|lt|gt|quot|#39);/g, (found) => entities[found] ?? found)
}

