import { accessItems } from '#domain/consent/access.ts'
import { consentSchema } from '#domain/consent/rules.ts'
import { limitsSchema } from '#domain/abuse/limits.ts'
import { resourceServer } from '#domain/client/resource-server.ts'
import { ttlSchema } from '#oidc/ttl.ts'
import consentFile from '#config/consent.json' with { type: 'json' }
import limitsFile from '#config/limits.json' with { type: 'json' }
import ttlFile from '#config/ttl.json' with { type: 'json' }
import { open } from './source.ts'

const units = [['day', 86_400], ['hour', 3600], ['minute', 60], ['second', 1]] as const

/** 7,776,000 is "90 days", 43,200 "12 hours": the largest unit of which there is more than one, and none is left over. */
export function inDigits(seconds: number): string {
  const [unit, size] = units.find(([, each]) => seconds % each === 0 && seconds / each > 1) ?? ['second', 1]
  return `${seconds / size} ${unit}s`
}

const words = ['nought', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve']
const inWords = (seconds: number) => inDigits(seconds).replace(/^\d+/, (count) => words[Number(count)] ?? count)

/** What the pages say of how long things live, made from the tables that rule it: `config/ttl.json` and its like. */
export function sentencesOfLives(ttl = ttlSchema.parse(ttlFile)): Readonly<Record<string, readonly string[]>> {
  const { monthsRemembered } = consentSchema.parse(consentFile)
  const asking = limitsSchema.parse(limitsFile)['asking-per-client-and-person']
  const { access_token_seconds: ofApis } = resourceServer.parse({ identifier: 'https://api.example', scopes: [{ name: 'x', label: { vi: 'x', en: 'x' } }] })
  return {
    'docs/relying-parties/profiles.md': [
      `code ${inDigits(ttl.authorizationCode)}, ID token ${inDigits(ttl.idToken)}, access token ${inDigits(ttl.accessToken)} (for an API: what it registered, ${inDigits(ofApis)} unless it says otherwise)`,
      `lives for at most ${inDigits(ttl.refreshToken)}`,
    ],
    'docs/relying-parties/apis.md': [`| 30 to 600 | ${ofApis} |`],
    'docs/relying-parties/other-ways-in.md': [
      `as long as the API has registered (${inWords(ofApis)} unless it says otherwise)`,
      `you go on for up to ${inDigits(ttl.refreshToken)}`,
      `A request lives ${inWords(ttl.approval)}`,
      `the same person ${words[asking.points]} times in ${inWords(asking.seconds)}`,
      `The code lives ${inWords(ttl.deviceCode)}`,
    ],
    'docs/relying-parties/logout.md': [`after ${inDigits(ttl.sessionIdle)} of nothing, and ${inDigits(ttl.sessionAbsolute)} after the sign-in`],
    'docs/relying-parties/claims.md': [`remembered for ${monthsRemembered} months`],
    'docs/relying-parties/start-in-five-minutes.md': [`remembered for ${monthsRemembered} months`],
    'docs/goals.md': [
      `A code lives ${inDigits(ttl.authorizationCode)}`,
      `a pairwise \`sub\`, and ${inWords(ttl.idToken)} to live`,
      `after ${inDigits(ttl.sessionIdle)} of nothing, and ${inDigits(ttl.sessionAbsolute)} after the sign-in`,
    ],
  }
}

/** What no page says, though it should: the page and the sentence. */
export function missingLives(ttl?: Parameters<typeof sentencesOfLives>[0]): readonly string[] {
  return Object.entries(sentencesOfLives(ttl)).flatMap(([path, sentences]) => {
    const text = open(path).text.replaceAll(/\s+/g, ' ')
    return sentences.filter((sentence) => !text.includes(sentence)).map((sentence) => `${path}: ${sentence}`)
  })
}

/** How long people are told that a service may go on without them. */
export function offlineWords(): { vi: string; en: string } | undefined {
  return accessItems([], new Set(['offline_access']))[0]?.attribute.shownAs
}
