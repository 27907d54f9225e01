import { makeJar } from './cookie-jar.ts'
import type { Jar } from './cookie-jar.ts'

/** Where a visit ended: a page, or an address that belongs to somebody else and was not fetched (`status` 0). */
export type Stop = { url: URL; status: number; headers: Headers; text: string }

export type Visitor = {
  jar: Jar
  open: (url: URL | string, headers?: Record<string, string>) => Promise<Stop>
  /** Posts a form as a page of the same origin would. `from` is the page that held the form. */
  submit: (url: URL | string, fields: URLSearchParams | Readonly<Record<string, string>>, from?: URL) => Promise<Stop>
  /** How many requests were sent, redirects included. */
  requests: () => number
}

type Init = { method?: string; body?: string; headers: Record<string, string> }

const mostRedirects = 10

/**
 * A browser without pages: follows redirects by hand with a cookie jar. `leaveAt` says which addresses end the visit
 * unfetched, as a redirect URI of a relying party that does not exist.
 */
export function makeVisitor({ leaveAt, headers: always = {} }: { leaveAt: (url: URL) => boolean; headers?: Readonly<Record<string, string>> }): Visitor {
  const jar = makeJar()
  let sent = 0

  async function follow(start: URL, init: Init): Promise<Stop> {
    let url = start
    let next = init
    for (let hop = 0; hop <= mostRedirects; hop += 1) {
      if (leaveAt(url)) return { url, status: 0, headers: new Headers(), text: '' }
      sent += 1
      const response = await fetch(url, { ...next, redirect: 'manual', headers: { ...always, ...next.headers, ...cookies(url) } })
      jar.keep(url, response.headers)
      const text = await response.text()
      const to = response.headers.get('location')
      if (response.status < 300 || response.status > 399 || to === null) return { url, status: response.status, headers: response.headers, text }
      url = new URL(to, url)
      next = response.status === 307 ? next : { headers: { accept: 'text/html' } }
    }
    throw new Error(`more than ${mostRedirects} redirects, the last to ${url.pathname}`)
  }

  function cookies(url: URL): Record<string, string> {
    const cookie = jar.header(url)
    return cookie === '' ? {} : { cookie }
  }

  return {
    jar,
    requests: () => sent,
    open: (url, headers = {}) => follow(new URL(url), { headers: { accept: 'text/html', ...headers } }),
    submit: (url, fields, from) => {
      const to = new URL(url)
      const headers = {
        accept: 'text/html',
        origin: (from ?? to).origin,
        'sec-fetch-site': 'same-origin',
        'content-type': 'application/x-www-form-urlencoded',
      }
      return follow(to, { method: 'POST', body: new URLSearchParams(fields).toString(), headers })
    },
  }
}

const entities: Record<string, string> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'" }

function unescape(text: string): string {
  return text.replaceAll(/&(amp|lt|gt|quot|#39);/g, (found) => entities[found] ?? found)
}

/** The hidden fields of a page, by name: what a browser would send without being told. */
export function hiddenFields(page: string): Record<string, string> {
  const inputs = [...page.matchAll(/<input\b[^>]*>/g)].map(([tag]) => tag).filter((tag) => /type="hidden"/.test(tag))
  return Object.fromEntries(inputs.map((tag) => [attribute(tag, 'name'), attribute(tag, 'value')]))
}

/** The form whose action ends so, and what its hidden fields would send. */
export function formAt(page: string, ending: string): { action: string; fields: Record<string, string> } {
  const forms = [...page.matchAll(/<form\b[^>]*>[^]*?<\/form>/g)].map(([form]) => form)
  const form = forms.find((one) => attribute(one.slice(0, one.indexOf('>') + 1), 'action').endsWith(ending))
  if (form === undefined) throw new Error(`the page has no form for ${ending}; it is: ${titleOf(page)}`)
  return { action: attribute(form.slice(0, form.indexOf('>') + 1), 'action'), fields: hiddenFields(form) }
}

export function titleOf(page: string): string {
  return unescape(page.match(/<title>([^<]*)/)?.[1] ?? page.slice(0, 80)).replaceAll('\u00a0', ' ')
}

/** The JSON that a page hands to its script in `<script type="application/json" id="…">`. */
export function embeddedJson(page: string, id: string): unknown {
  const found = page.match(new RegExp(`<script[^>]*id="${id}"[^>]*>([^<]*)</script>`))?.[1]
  if (found === undefined) throw new Error(`the page has no JSON called ${id}`)
  return JSON.parse(found)
}

function attribute(tag: string, name: string): string {
  return unescape(tag.match(new RegExp(`\\b${name}="([^"]*)"`))?.[1] ?? '')
}
