import { expect, test } from 'vitest'
import { textsOf } from '#web/i18n/language.ts'
import { sources } from '#test/house/source.ts'

/** The union of events cannot be read at run time; its words can, and they compile only where they are the same. */
const types = Object.keys(textsOf('vi').audit.types)
const dotted = /'([a-z]+(?:-[a-z]+)*\.[a-z]+(?:-[a-z]+)*)'/g
/** A line of the union says that an event may be, and not that anybody writes it. */
const declared = /^\s*(?:\| |export type \w+ = )\{ type: .*$/gm

const code = sources().filter(({ path }) => !path.startsWith('src/web/i18n/')).map(({ path, text }) => ({ path, text: text.replaceAll(declared, '') }))

test('every event has its words in both languages', () => {
  expect(types.length).toBeGreaterThan(50)
  expect(Object.keys(textsOf('en').audit.types).toSorted()).toEqual(types.toSorted())
  for (const language of ['vi', 'en'] as const) expect(Object.entries(textsOf(language).audit.types).filter(([, words]) => words.trim() === '')).toEqual([])
})

test('L01: every event that may be recorded is, somewhere in the code', () => {
  const written = new Set(code.flatMap(({ text }) => [...text.matchAll(dotted)].map(([, type]) => type)))
  // `type: \`proposal.${decision.is}\``: one of several, as it was decided.
  const composed = code.flatMap(({ text }) => [...text.matchAll(/type: `([a-z-]+)\.\$\{/g)].map(([, noun]) => noun))
  expect(types.filter((type) => !written.has(type) && !composed.some((noun) => type.startsWith(`${noun}.`)))).toEqual([])
})

test('statements that ask for events by their type name some that there are', () => {
  const asking = code.filter(({ path, text }) => path.startsWith('src/storage/') && /\b(?:from|into|join) audit_event\b/.test(text))
  expect(asking.length).toBeGreaterThan(2)
  const named = asking.flatMap(({ path, text }) => [...text.matchAll(dotted)].flatMap(([, type = '']) => (types.includes(type) ? [] : [`${path}: ${type}`])))
  expect(named).toEqual([])
})
