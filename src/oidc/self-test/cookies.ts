/** What one browser holds of each origin; paths and domains are passed over, for a visit is short and between two origins. */
export type Cookies = { keep: (url: URL, headers: Headers) => void; header: (url: URL) => string | undefined }

const most = 100

export function makeCookies(): Cookies {
  const held = new Map<string, string>()
  return {
    keep({ origin }, headers) {
      for (const line of headers.getSetCookie()) {
        const [pair = '', ...attributes] = line.split(';')
        const [, name, value = ''] = /^([^=]+)=(.*)$/s.exec(pair.trim()) ?? []
        if (name === undefined) continue
        const key = `${origin} ${name}`
        if (value === '' || isOver(attributes)) held.delete(key)
        else if (held.has(key) || held.size < most) held.set(key, value)
      }
    },
    header({ origin }) {
      const own = [...held].filter(([key]) => key.startsWith(`${origin} `)).map(([key, value]) => `${key.slice(origin.length + 1)}=${value}`)
      return own.length === 0 ? undefined : own.join('; ')
    },
  }
}

/** RFC 6265 §5.2.1, §5.2.2. */
function isOver(attributes: readonly string[]): boolean {
  return attributes.some((one) => {
    const [name = '', value = ''] = one.split('=').map((part) => part.trim())
    if (/^max-age$/i.test(name)) return Number(value) <= 0
    return /^expires$/i.test(name) && Date.parse(value) < 86_400_000
  })
}
