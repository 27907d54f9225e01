import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export type ReadMail = { to: string; subject: string; text: string; headers: ReadonlyMap<string, string> }

/** The mails that were laid down in a folder, oldest first; none while the folder is missing. */
export function mailsIn(folder: string): readonly ReadMail[] {
  const names = readdirSync(folder, { withFileTypes: true }).map(({ name }) => name)
  return names.filter((name) => name.endsWith('.eml')).toSorted().map((name) => readMail(readFileSync(join(folder, name), 'utf8')))
}

/** Reads as much of RFC 5322 and MIME as our own mails use: the plain text, whether alone or beside HTML. */
export function readMail(message: string): ReadMail {
  const { headers, body } = split(message.replaceAll('\r\n', '\n'))
  const boundary = /boundary="([^"]+)"/.exec(headers.get('content-type') ?? '')?.[1]
  const parts = boundary === undefined ? [{ headers, body }] : body.split(`--${boundary}`).slice(1, -1).map((part) => split(part.trimStart()))
  const plain = parts.find((part) => part.headers.get('content-type')?.startsWith('text/plain'))
  return {
    to: headers.get('to') ?? '',
    subject: words(headers.get('subject') ?? ''),
    text: plain === undefined ? '' : decoded(plain.body, plain.headers.get('content-transfer-encoding') ?? '7bit').trim(),
    headers,
  }
}

function split(message: string): { headers: ReadonlyMap<string, string>; body: string } {
  const [head = '', ...rest] = message.split('\n\n')
  const lines = head.replaceAll(/\n[ \t]+/g, ' ').split('\n')
  const headers = new Map(lines.map((line) => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
  }))
  return { headers, body: rest.join('\n\n') }
}

function decoded(body: string, encoding: string): string {
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString('utf8')
  if (encoding === 'quoted-printable') return bytes(body.replaceAll('=\n', ''))
  return body
}

/** Encoded words of RFC 2047. */
function words(text: string): string {
  return text
    .replaceAll(/\?=\s+=\?/g, '?==?')
    .replaceAll(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_all, kind: string, word: string) =>
      kind.toLowerCase() === 'b' ? Buffer.from(word, 'base64').toString('utf8') : bytes(word.replaceAll('_', ' ')))
}

function bytes(text: string): string {
  const raw = text.replaceAll(/=([0-9A-F]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(raw, 'latin1').toString('utf8')
}
