import { describe, expect, test } from 'vitest'
import { headText, keyText, openNote, readKeyText, signedNote, type LogKey } from '#domain/transparency/head.ts'
import { emptyRoot } from '#domain/transparency/merkle.ts'
import { watch } from '#domain/transparency/watch.ts'
import { aLogKey, rootOfTexts } from '#test/support/transparency.ts'

const { signer } = aLogKey()
const key: LogKey = { name: 'eid.example/minh-bach/log', publicKey: signer.publicKey }
const texts = Array.from({ length: 9 }, (_, index) => JSON.stringify({ entry: index }))

function noteOf(entries: readonly string[], { sign } = signer): string {
  const head = { origin: key.name, size: entries.length, root: rootOfTexts(entries) }
  return signedNote(head, { key, signature: sign(headText(head)) })
}

async function* shown(entries: readonly string[]) {
  yield* entries
}

const judged = async (entries: readonly string[], more: { checkpoint?: string; last?: string; others?: readonly string[] } = {}) =>
  (await watch({ key, checkpoint: noteOf(entries), ...more, entries: shown(entries) })).findings.map(({ is }) => is)

describe('L02 whoever watches', () => {
  test('is content with a log that grows, and with entries that came after the head', async () => {
    expect(await judged(texts)).toEqual([])
    expect(await judged(texts, { last: noteOf(texts.slice(0, 4)), others: [noteOf(texts.slice(0, 7)), noteOf([])] })).toEqual([])
    expect(await judged(texts, { checkpoint: noteOf(texts.slice(0, 8)) })).toEqual([])
    expect(await judged([])).toEqual([])
  })

  const last = noteOf(texts)
  const attacks: Readonly<Record<string, { made: readonly string[]; kept: string; signedAnew: string }>> = {
    'an entry edited': { made: texts.with(3, '{"entry":33}'), kept: 'mismatch', signedAnew: 'rewritten' },
    'an entry edited in one bit of its bytes': { made: texts.with(3, '{"entry": 3}'), kept: 'mismatch', signedAnew: 'rewritten' },
    'an entry removed': { made: texts.toSpliced(3, 1), kept: 'short', signedAnew: 'shrunk' },
    'an entry removed and another added': { made: [...texts.toSpliced(3, 1), '{}'], kept: 'mismatch', signedAnew: 'rewritten' },
    'two entries changing places': { made: texts.with(3, texts[4] ?? '').with(4, texts[3] ?? ''), kept: 'mismatch', signedAnew: 'rewritten' },
    'an entry slipped in': { made: texts.toSpliced(3, 0, '{}'), kept: 'mismatch', signedAnew: 'rewritten' },
    'the end cut off': { made: texts.slice(0, 7), kept: 'short', signedAnew: 'shrunk' },
    'the end replaced': { made: [...texts.slice(0, 7), '{}', '{"a":1}'], kept: 'mismatch', signedAnew: 'rewritten' },
  }

  test.each(Object.entries(attacks))('sees %s, under the old head and under one signed anew', async (_what, { made, kept, signedAnew }) => {
    expect(await judged(made, { checkpoint: last })).toEqual([kept])
    expect(await judged(made, { last })).toEqual([signedAnew])
  })

  test('sees that another was shown another log, and one that is longer', async () => {
    const other = noteOf([...texts.slice(0, 5), '{"for":"you"}'])
    expect(await judged(texts, { others: [other] })).toEqual(['forked'])
    expect(await judged(texts, { others: [noteOf([...texts, '{}'])] })).toEqual(['behind'])
  })

  test('takes no head that the key of the log did not sign', async () => {
    const forged = noteOf(texts, aLogKey().signer)
    expect(await judged(texts, { checkpoint: forged })).toEqual(['unsigned'])
    expect(await judged(texts, { last: forged, others: [forged] })).toEqual(['unsigned', 'unsigned'])
  })

  test('says which entries are not JSON', async () => {
    expect((await watch({ key, checkpoint: noteOf(['{}', 'x', '[]']), entries: shown(['{}', 'x', '[]']) })).findings).toEqual([{ is: 'not-json', at: 1 }, { is: 'not-json', at: 2 }])
  })
})

describe('a signed head', () => {
  const note = noteOf(texts)

  test('is the text that C2SP tlog-checkpoint lays down', () => {
    expect(note).toMatch(/^eid\.example\/minh-bach\/log\n9\n[A-Za-z0-9+/]{43}=\n\n— eid\.example\/minh-bach\/log [A-Za-z0-9+/]+=*\n$/)
    expect(openNote(note, key)).toEqual({ origin: key.name, size: 9, root: rootOfTexts(texts) })
  })

  test('may be signed by witnesses too', () => {
    expect(openNote(`${note.replace('\n\n', '\n\n— witness.example/w AAAAAAAA\n')}— another.example BBBB\n`, key)?.size).toBe(9)
  })

  test.each([
    ['another size', note.replace('\n9\n', '\n8\n')],
    ['a size written otherwise', note.replace('\n9\n', '\n09\n')],
    ['another root', note.replace(/\n[A-Za-z0-9+/]{43}=\n/, `\n${Buffer.from(emptyRoot).toString('base64')}\n`)],
    ['another name', note.replaceAll('eid.example', 'eid.other')],
    ['a line more', note.replace('\n\n', '\nmore\n\n')],
    ['no signature', `${note.split('\n\n')[0]}\n\n`],
    ['nothing', ''],
  ])('with %s is none', (_what, text) => expect(openNote(text, key)).toBeUndefined())

  test('that the key signed for another log, or with a size written in two ways, is none', () => {
    const head = { origin: key.name, size: 9, root: rootOfTexts(texts) }
    const signedAs = (said: string) => {
      const honest = signedNote(head, { key, signature: signer.sign(said) })
      return `${said}${honest.slice(headText(head).length)}`
    }
    expect(openNote(signedAs(headText(head)), key)?.size).toBe(9)
    expect(openNote(signedAs(headText({ ...head, origin: 'eid.other/minh-bach/log' })), key)).toBeUndefined()
    expect(openNote(signedAs(headText(head).replace('\n9\n', '\n09\n')), key)).toBeUndefined()
  })

  test('is checked with a key of one line, whose parts belong together', () => {
    const line = keyText(key)
    expect(readKeyText(`${line}\n`)).toEqual(key)
    // The sample of C2SP signed-note and of Go's sumdb.
    expect(readKeyText('PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW')?.name).toBe('PeterNeumann')
    expect([line.replace('eid.', 'eie.'), line.replace(/\+[0-9a-f]{8}\+/, '+00000000+'), 'x', ''].map(readKeyText)).toEqual(Array(4).fill(undefined))
  })
})
