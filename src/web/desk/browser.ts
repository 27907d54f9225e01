import { deskRules } from '#domain/desk/rules.ts'
import { places } from '#web/place/citizen.ts'
import type { Visit } from '#web/request/visit.ts'

const name = 'eid-desk'

/** The token of the browser that typed a code: nobody goes on elsewhere with it. */
export function tokenOf({ exchange: { req } }: Visit): string | undefined {
  const pair = req.headers.cookie?.split(/; */).find((one) => one.startsWith(`${name}=`))
  return pair?.slice(name.length + 1)
}

export function giveToken({ exchange: { res } }: Visit, { token, secure }: { token: string; secure: boolean }): void {
  const life = deskRules.code.answerMinutes * 60
  const attributes = [`Path=${places.level2}`, `Max-Age=${life}`, 'HttpOnly', 'SameSite=Strict', ...(secure ? ['Secure'] : [])]
  res.appendHeader('Set-Cookie', [`${name}=${token}`, ...attributes].join('; '))
}
