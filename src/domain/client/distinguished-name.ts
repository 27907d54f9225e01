/**
 * A distinguished name as parts that can be compared: from the root down, each a set of `attribute=value`. Values count
 * letter by letter: RFC 8705 leaves matching rules to the server, and one that forgives nothing confuses nobody.
 */
type Name = readonly (readonly string[])[]

/** Attribute types that have a short name somewhere, as the number that names them everywhere (RFC 4514 §3, RFC 4519). */
const numbers: Readonly<Record<string, string>> = {
  cn: '2.5.4.3', sn: '2.5.4.4', serialnumber: '2.5.4.5', c: '2.5.4.6', l: '2.5.4.7', st: '2.5.4.8', s: '2.5.4.8', street: '2.5.4.9', o: '2.5.4.10',
  ou: '2.5.4.11', title: '2.5.4.12', businesscategory: '2.5.4.15', postalcode: '2.5.4.17', gn: '2.5.4.42', givenname: '2.5.4.42',
  organizationidentifier: '2.5.4.97', uid: '0.9.2342.19200300.100.1.1', dc: '0.9.2342.19200300.100.1.25',
  emailaddress: '1.2.840.113549.1.9.1', e: '1.2.840.113549.1.9.1', jurisdictionc: '1.3.6.1.4.1.311.60.2.1.3',
}

/**
 * Whether the subject of a certificate is the name that a client registered as `tls_client_auth_subject_dn` (RFC 8705 §2.1.2):
 * RFC 4514 text, which begins at the leaf. `subject` is as Node writes it: a line each from the root down, values escaped alike.
 */
export function isSubject(registered: string, subject: string): boolean {
  const wanted = nameOf(separated(registered, ',').toReversed())
  const found = nameOf(subject.split('\n'))
  return wanted !== undefined && found !== undefined && wanted.length > 0 && JSON.stringify(wanted) === JSON.stringify(found)
}

function nameOf(parts: readonly string[]): Name | undefined {
  const name = parts.map((part) => separated(part, '+').map(attributeOf))
  const known = name.map((attributes) => attributes.flatMap((attribute) => attribute ?? []).toSorted())
  return known.every((attributes, at) => attributes.length === name[at]?.length) ? known : undefined
}

/** `undefined` for what is none, and for values in hexadecimal BER, which say nothing that can be read here. */
function attributeOf(text: string): string | undefined {
  const at = text.indexOf('=')
  const type = text.slice(0, at).trim().toLowerCase().replace(/^oid\./, '')
  const number = String(numbers[type] ?? type)
  const value = trimmed(text.slice(at + 1))
  if (at < 0 || !/^\d+(\.\d+)+$/.test(number) || value === '' || value.startsWith('#')) return undefined
  return `${number}=${plain(value).normalize('NFC')}`
}

/** Cuts at a separator that is not escaped. */
function separated(text: string, separator: string): readonly string[] {
  const parts = ['']
  for (const [piece] of text.matchAll(/\\.|[^\\]|\\$/gsu)) {
    if (piece === separator) parts.push('')
    else parts.push(`${parts.pop() ?? ''}${piece}`)
  }
  return parts
}

/** Spaces around a value are nothing, unless the last one is escaped. */
const trimmed = (value: string): string => value.replace(/^ +/, '').replace(/(?<![\\ ]) +$|(?<=\\ ) +$/, '')

/** RFC 4514 §2.4: a backslash before a character, or before two digits that are a byte of UTF-8. */
function plain(value: string): string {
  return value.replaceAll(/(?:\\[0-9a-f]{2})+|\\(.)/gisu, (all, character: string | undefined) =>
    character ?? Buffer.from(all.replaceAll('\\', ''), 'hex').toString('utf8'))
}
