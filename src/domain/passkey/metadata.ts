import { hash, X509Certificate } from 'node:crypto'
import { z } from 'zod'
import type { Day } from '#kernel/clock.ts'
import { inForce } from '#domain/client/certificate.ts'
import { model, type Anchor, type AuthenticatorRules } from './authenticators.ts'

/** FIDO Metadata Statement v3 §4, as far as it is asked here. */
const statement = z.object({
  description: z.string(),
  protocolFamily: z.string(),
  keyProtection: z.array(z.string()),
  attestationRootCertificates: z.array(z.string()),
})

/** FIDO Metadata Service v3.0 §3.1.3. */
const report = z.object({ status: z.string(), effectiveDate: z.iso.date().optional() })
/** One that is filled in wrongly vouches for nothing and keeps nobody from reading the others; what is said against a model has to be readable. */
const entry = z.object({ aaguid: model.optional().catch(undefined), metadataStatement: statement.optional().catch(undefined), statusReports: z.array(report) })

/** What the FIDO Metadata Service signs (§3.1.6). Entries of devices without a model, of before FIDO2, are passed over. */
export const signedListSchema = z.object({ no: z.int().positive(), nextUpdate: z.iso.date(), entries: z.array(entry) })
export type SignedList = Readonly<z.output<typeof signedListSchema>>

type Entry = SignedList['entries'][number]
type Report = Entry['statusReports'][number]

/** One model as the list speaks of it. */
export type Model = { aaguid: string; description: string; standing: Standing; /** The newest word of the list. */ status: string }

/** Whether a model may vouch for hardware, and why not; what is worst is said first. */
export type Standing = 'in-order' | 'broken' | 'uncertified' | 'not-hardware' | 'no-roots'

/** §3.1.4: keys of this model can be taken, or used without their holder, or its certification was withdrawn. One such report is one too many, repaired or not. */
const broken: ReadonlySet<string> = new Set([
  'REVOKED', 'USER_VERIFICATION_BYPASS', 'ATTESTATION_KEY_COMPROMISE', 'USER_KEY_REMOTE_COMPROMISE', 'USER_KEY_PHYSICAL_COMPROMISE',
])

const isCertificate = ({ status }: Report): boolean => /^FIDO_CERTIFIED(_L\d(plus)?)?$/.test(status)

/** A certification counts from its day on; bad news counts as soon as it is known. */
const begun = ({ effectiveDate }: Report, today: Day): boolean => effectiveDate === undefined || effectiveDate <= today

const checks: readonly { standing: Standing; holds: (entry: Entry, today: Day) => boolean }[] = [
  { standing: 'broken', holds: ({ statusReports }) => statusReports.some(({ status }) => broken.has(status)) },
  { standing: 'uncertified', holds: ({ statusReports }, today) => !statusReports.some((one) => isCertificate(one) && begun(one, today)) },
  // A certified program in the memory of a computer is none (FIDO Registry of Predefined Values §3.2).
  { standing: 'not-hardware', holds: ({ metadataStatement: said }) => said?.protocolFamily !== 'fido2' || !said.keyProtection.includes('hardware') || said.keyProtection.includes('software') },
  { standing: 'no-roots', holds: ({ metadataStatement: said }) => said === undefined || said.attestationRootCertificates.length === 0 },
]

export function standingOf(one: Entry, today: Day): Standing {
  return checks.find(({ holds }) => holds(one, today))?.standing ?? 'in-order'
}

const newest = ({ statusReports }: Entry): string =>
  statusReports.toSorted((one, other) => (one.effectiveDate ?? '').localeCompare(other.effectiveDate ?? '')).at(-1)?.status ?? ''

/** Every model of the list, by name. */
export function modelsOf({ entries }: SignedList, today: Day): readonly Model[] {
  return entries
    .flatMap((one) => (one.aaguid === undefined ? [] : [{ aaguid: one.aaguid, description: described(one), standing: standingOf(one, today), status: newest(one) }]))
    .toSorted((one, other) => one.description.localeCompare(other.description) || one.aaguid.localeCompare(other.aaguid))
}

/** One line, whatever a maker wrote into it. */
const described = ({ metadataStatement }: Entry): string => metadataStatement?.description.replaceAll(/[\p{C}\s]+/gu, ' ').trim() ?? ''

/** A list that is over, or older than one that was used before, may leave out what has been broken since (§3.2). */
export function listFault({ no, nextUpdate }: Pick<SignedList, 'no' | 'nextUpdate'>, { known, today }: { known: AuthenticatorRules['list']; today: Day }): 'over' | 'older' | undefined {
  if (known !== undefined && (no < known.no || nextUpdate < known.nextUpdate)) return 'older'
  return nextUpdate < today ? 'over' : undefined
}

export type Wanted = { is: 'anchors'; anchors: readonly Anchor[] } | { is: 'refused'; aaguid: string; why: Exclude<Standing, 'in-order'> | 'unlisted' | 'no-root-in-force' }

/** Who vouches for these models: every certificate that the list names for them, one anchor each. Of one that may not, none of them. */
export function anchorsFor(list: SignedList, aaguids: readonly string[], now: { today: Day; at: Date }): Wanted {
  const anchors: Anchor[] = []
  for (const aaguid of new Set(aaguids)) {
    const found = list.entries.find((one) => one.aaguid === aaguid)
    if (found === undefined) return { is: 'refused', aaguid, why: 'unlisted' }
    const why = standingOf(found, now.today)
    if (why !== 'in-order') return { is: 'refused', aaguid, why }
    const roots = rootsOf(found).filter((root) => inForce(root, now.at))
    if (roots.length === 0) return { is: 'refused', aaguid, why: 'no-root-in-force' }
    const source = `FIDO MDS no. ${list.no}, until ${list.nextUpdate}`
    anchors.push(...roots.map((root) => ({ name: described(found) || aaguid, source, certificate: root.toString(), aaguids: [aaguid] })))
  }
  return { is: 'anchors', anchors }
}

/** The list has them in Base64 without marks, some of them with line ends; what cannot be read vouches for nothing. */
function rootsOf({ metadataStatement }: Entry): readonly X509Certificate[] {
  return (metadataStatement?.attestationRootCertificates ?? []).flatMap((text) => {
    try {
      return [new X509Certificate(Buffer.from(text, 'base64'))]
    } catch {
      return []
    }
  })
}

/** Those that are there already, by hand or from a list of before, stay as they are. */
export function withAnchors(rules: AuthenticatorRules, added: readonly Anchor[], { no, nextUpdate }: Pick<SignedList, 'no' | 'nextUpdate'>): { rules: AuthenticatorRules; added: readonly Anchor[] } {
  const missing = added.filter((one) => !rules.anchors.some((known) => sameCertificate(known, one) && one.aaguids.every((aaguid) => known.aaguids.includes(aaguid))))
  return { rules: { ...rules, list: { no, nextUpdate }, anchors: [...rules.anchors, ...missing] }, added: missing }
}

const sameCertificate = (one: Anchor, other: Anchor): boolean => fingerprint(one) === fingerprint(other)

/** As `openssl x509 -fingerprint -sha256` writes it, for two people to compare. */
export const fingerprint = ({ certificate }: Pick<Anchor, 'certificate'>): string =>
  (hash('sha256', new X509Certificate(certificate).raw, 'hex').toUpperCase().match(/../g) ?? []).join(':')

export type Compared = { aaguid: string; name: string; finding: 'in-order' | 'unlisted' | 'other-root' | Exclude<Standing, 'in-order' | 'no-roots'> }

/** Findings after which a model must leave the configuration. One that the list does not know came from its maker, and stays for the operator to judge. */
export const grave: ReadonlySet<Compared['finding']> = new Set<Compared['finding']>(['broken', 'uncertified', 'not-hardware', 'other-root'])

/** What a list says of the models that the operator has named. */
export function compareWith(list: SignedList, { anchors }: Pick<AuthenticatorRules, 'anchors'>, today: Day): readonly Compared[] {
  return anchors.flatMap((anchor) => anchor.aaguids.map((aaguid) => ({ aaguid, name: anchor.name, finding: findingOf(list, anchor, { aaguid, today }) })))
}

function findingOf({ entries }: SignedList, anchor: Anchor, { aaguid, today }: { aaguid: string; today: Day }): Compared['finding'] {
  const found = entries.find((one) => one.aaguid === aaguid)
  if (found === undefined) return 'unlisted'
  const standing = standingOf(found, today)
  if (standing !== 'in-order') return standing === 'no-roots' ? 'other-root' : standing
  return rootsOf(found).some((root) => sameCertificate({ ...anchor, certificate: root.toString() }, anchor)) ? 'in-order' : 'other-root'
}
