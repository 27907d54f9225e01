import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

/** The plain text of the newest mail to this address in a folder of `.eml` files; waits for it, for it may still be on its way. */
export async function newestMail(folder: string, to: string): Promise<string> {
  const until = Date.now() + 5000
  for (;;) {
    const found = mailsIn(folder).findLast((mail) => headerOf(mail, 'To').includes(to))
    if (found !== undefined) return plainText(found)
    if (Date.now() > until) throw new Error(`no mail to ${to}`)
    await pause(10)
  }
}

/** The six digits that a contact code mail carries, with or without a space in the middle. */
export async function mailedCode(folder: string, to: string): Promise<string> {
  const [first, second] = (await newestMail(folder, to)).match(/\b(\d{3}) ?(\d{3})\b/)?.slice(1) ?? []
  if (first === undefined || second === undefined) throw new Error(`no code in the mail to ${to}`)
  return first + second
}

/** Names of mail files sort by time. */
function mailsIn(folder: string): string[] {
  try {
    const names = readdirSync(folder).filter((name) => name.endsWith('.eml')).toSorted()
    return names.map((name) => readFileSync(join(folder, name), 'utf8').replaceAll('\r\n', '\n'))
  } catch {
    return []
  }
}

function headerOf(part: string, name: string): string {
  const head = part.slice(0, part.indexOf('\n\n')).replaceAll(/\n[ \t]+/g, ' ')
  return head.split('\n').find((line) => line.toLowerCase().startsWith(`${name.toLowerCase()}:`))?.slice(name.length + 1).trim() ?? ''
}

function plainText(part: string): string {
  const boundary = headerOf(part, 'Content-Type').match(/boundary="?([^";]+)/)?.[1]
  const body = part.slice(part.indexOf('\n\n') + 2)
  if (boundary !== undefined) {
    const parts = body.split(`--${boundary}`).map((one) => one.replace(/^\n/, ''))
    return plainText(parts.find((one) => headerOf(one, 'Content-Type').startsWith('text/plain')) ?? '')
  }
  const encoding = headerOf(part, 'Content-Transfer-Encoding').toLowerCase()
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString('utf8')
  return encoding === 'quoted-printable' ? fromQuotedPrintable(body) : body
}

/** RFC 2045 §6.7. */
function fromQuotedPrintable(text: string): string {
  const joined = text.replaceAll('=\n', '')
  const bytes = joined.replaceAll(/=([0-9A-F]{2})/gi, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1').toString('utf8')
}
