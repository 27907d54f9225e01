import type { NumberedTexts } from '#domain/chip/details.ts'
import { elementsOf, inner, readElement, readElements, tags, type Element } from './der.ts'
import { ChipFault, inside, must } from './fault.ts'
import { smallOf, textOf } from './value.ts'

/** The outer tags of the data groups that are looked into (ICAO 9303-10 §4.7). */
const outerTags = { 1: 0x61, 13: 0x6d, 14: 0x6e, 15: 0x6f } as const
export type ReadGroup = keyof typeof outerTags

function contentOf(group: ReadGroup, file: Buffer): Element {
  const outer = readElement(file, 'ber-tlv')
  must(outer.tag === outerTags[group], 'der.tag')
  return outer
}

/** DG1: the characters of the machine-readable zone (ICAO 9303-10 §4.7.1). */
export function zoneOf(file: Buffer): string {
  return inside('dg1', () => {
    const zone = inner(contentOf(1, file), 'ber-tlv')
    must(zone.tag === 0x5f1f, 'der.tag')
    return zone.content.toString('latin1')
  })
}

/** DG14: `SET OF SecurityInfo`; DG15: a key (ICAO 9303-10 §4.7.14, §4.7.15). */
export const wrapped = (group: 14 | 15, file: Buffer): Element => inside(`dg${group}`, () => inner(contentOf(group, file), 'ber-tlv'))

/** As deep as DG13 may go before it is no list of fields. */
const deepest = 8

/**
 * DG13 of Vietnamese cards: somewhere in it, sequences that begin with the number of a field; every text below belongs to that field. How they are nested
 * differs between the cards that were described (docs/chip.md).
 */
export function numberedTextsOf(file: Buffer): NumberedTexts {
  return inside('dg13', () => {
    const found = new Map<number, string[]>()
    collect(contentOf(13, file), { field: undefined, depth: 0, found })
    return found
  })
}

type Walk = { field: number | undefined; depth: number; found: Map<number, string[]> }

function collect(element: Element, { field, depth, found }: Walk): void {
  must(depth <= deepest, 'der.nesting')
  if ((element.tag & (element.tag > 0xff ? 0x2000 : 0x20)) === 0) {
    const text = textOf(element)
    if (text === undefined || field === undefined) return
    const texts = found.get(field) ?? []
    texts.push(text)
    found.set(field, texts)
    return
  }
  const members = readElements(element.content, 'ber-tlv')
  const [first] = members
  const begins = element.tag === tags.sequence && first?.tag === tags.integer ? smallOf(first) : undefined
  for (const member of members) collect(member, { field: begins ?? field, depth: depth + 1, found })
}

/** One `SecurityInfo` (ICAO 9303-11 §9.2): a protocol, what it needs, and what it may need. */
export type SecurityInfo = { protocol: Element; required: Element; optional: Element | undefined }

export function securityInfosOf(file: Buffer): readonly SecurityInfo[] {
  const infos = wrapped(14, file)
  return inside('dg14', () => elementsOf(infos, tags.set, 'ber-tlv').map((info) => {
    const [protocol, required, optional, ...more] = elementsOf(info, tags.sequence, 'ber-tlv')
    if (protocol === undefined || required === undefined || more.length > 0) throw new ChipFault('der.tag')
    return { protocol, required, optional }
  }))
}
