import { describe, expect, test } from 'vitest'
import { problemCodes } from '#kernel/problem.ts'
import { formatBirthDate, formatCount, formatDay, formatTime, formatWait, maskEmail } from '#web/i18n/format.ts'
import { languages, pickLanguage, textsOf } from '#web/i18n/language.ts'
import { wordProblem } from '#web/i18n/problem.ts'

/** Every text by its path; functions are called with names for their parameters, so that what they say can be compared. */
function flatten(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'string') return [[path, value]]
  if (typeof value === 'function') {
    const told = path.endsWith('.sentence') ? [{ since: '{since}', wait: '{wait}', left: '{left}', host: '{host}' }] : ['{0}', '{1}', '{2}']
    const said: unknown = Reflect.apply(value, undefined, told)
    return [[path, String(said)]]
  }
  if (value === null || typeof value !== 'object') return []
  return Object.entries(value).flatMap(([key, inner]) => flatten(inner, `${path}.${key}`))
}

const texts = Object.fromEntries(languages.map((language) => [language, new Map(flatten(textsOf(language)))]))

describe('the two languages', () => {
  test('have the same keys', () => {
    const keys = [...(texts['vi'] ?? []).keys()]
    expect(keys.length).toBeGreaterThan(200)
    expect([...(texts['en'] ?? []).keys()]).toEqual(keys)
  })

  test('say the same placeholders', () => {
    const placeholders = (text = '') => [...text.matchAll(/\{\w+\}/g)].map(String).toSorted()
    for (const [path, text] of texts['vi'] ?? []) {
      expect([path, ...placeholders(texts['en']?.get(path))]).toEqual([path, ...placeholders(text)])
    }
  })

  test('are written in NFC, without exclamation marks, quý khách or bà con, and never empty', () => {
    for (const language of languages) {
      for (const [path, text] of texts[language] ?? []) {
        expect(text, path).toBe(text.normalize('NFC'))
        expect(text.trim(), path).not.toBe('')
        expect(text, path).not.toMatch(/!|quý khách|bà con|Oops/i)
      }
    }
  })
})

describe('a problem in words', () => {
  test('has a title, a sentence and what to do for every code in both languages', () => {
    for (const language of languages) {
      for (const code of problemCodes) {
        const { title, sentence, todo } = wordProblem(code, {}, language)
        expect([title, sentence, todo].every((text) => text.length > 5), `${language} ${code}`).toBe(true)
        expect(`${title} ${sentence} ${todo}`).not.toMatch(/undefined|\{|\}/)
      }
    }
  })

  test('says since when, how long, how many and who, in the language of the page', () => {
    expect(wordProblem('account.locked', { since: '2026-11-22T18:30:00Z' }, 'vi').sentence).toBe('Tài khoản này bị khóa từ 23/11/2026.')
    expect(wordProblem('account.locked', { since: 1_795_372_200 }, 'en').sentence).toBe('This account has been locked since 23/11/2026.')
    expect(wordProblem('limit.exceeded', { retryAfter: 841 }, 'vi').sentence).toBe('Hãy thử lại sau 15 phút.')
    expect(wordProblem('limit.exceeded', { retryAfter: 60 }, 'en').sentence).toBe('Try again in 1 minute.')
    expect(wordProblem('limit.exceeded', { retryAfter: 5 }, 'en').sentence).toBe('Try again in 5 seconds.')
    expect(wordProblem('registration.code-wrong', { left: 2 }, 'vi').sentence).toContain('Bạn còn 2 lần thử')
    expect(wordProblem('request.malformed', { host: 'dvc.example' }, 'vi').sentence).toContain('Liên kết từ dvc.example')
  })

  test('leaves out a time that is none', () => {
    expect(wordProblem('account.locked', { since: 'yesterday' }, 'en').sentence).toBe('This account is locked.')
  })
})

describe('the language of a page', () => {
  test.each([
    [{}, 'vi'],
    [{ acceptLanguage: 'en-GB,en;q=0.9,vi;q=0.8' }, 'en'],
    [{ acceptLanguage: 'fr,vi;q=0.3,en;q=0.4' }, 'en'],
    [{ acceptLanguage: 'en;q=0,vi' }, 'vi'],
    [{ acceptLanguage: 'en;q=0' }, 'vi'],
    [{ acceptLanguage: 'de' }, 'vi'],
    [{ cookie: 'en', acceptLanguage: 'vi' }, 'en'],
    [{ cookie: '<script>', acceptLanguage: 'en' }, 'en'],
    [{ uiLocales: 'fr en-US', cookie: 'vi' }, 'en'],
    [{ chosen: 'vi', uiLocales: 'en' }, 'vi'],
  ])('of %j is %s', (wishes, language) => {
    expect(pickLanguage(wishes)).toBe(language)
  })
})

describe('figures', () => {
  test('are written as people in Viet Nam read them', () => {
    const at = new Date('2026-11-22T13:41:00Z')
    expect(formatTime(at)).toBe('22/11/2026 20:41')
    expect(formatDay(new Date('2026-11-22T17:00:00Z'))).toBe('23/11/2026')
    expect(formatTime(new Date('2026-11-22T17:05:00Z'))).toBe('23/11/2026 00:05')
    expect([formatCount(1240, 'vi'), formatCount(1240, 'en')]).toEqual(['1.240', '1,240'])
    expect([formatWait(24), formatWait(90.2), formatWait(-1)]).toEqual(['0:24', '1:31', '0:00'])
    expect([formatBirthDate('1962-03-02'), formatBirthDate('1962')]).toEqual(['02/03/1962', '1962'])
    expect(maskEmail('lan.tran@example.com')).toBe('l•••@example.com')
  })
})
