import { chipRulesSchema } from '#domain/chip/rules.ts'
import { openTrustText } from '#chip/pem.ts'
import type { Trust } from '#chip/trust.ts'
import { readRule } from '#app/rules.ts'

/** Whose identity cards are believed, or what is wrong with the file that says so. A store that names nobody would refuse every card. */
export function readTrust(text: string): { is: 'trust'; trust: Trust } | { is: 'faulty'; what: string } {
  const opened = openTrustText(text, readRule('chip', chipRulesSchema))
  if (opened.is === 'refused') return { is: 'faulty', what: `certificates of country signing authorities and their revocation lists in PEM (${opened.reason})` }
  return opened.trust.anchors.length === 0 ? { is: 'faulty', what: 'a file with at least one certificate of a country signing authority in PEM' } : { is: 'trust', trust: opened.trust }
}
