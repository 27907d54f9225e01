import type { Configuration } from 'oidc-provider'
import type { Catalogue } from '#domain/consent/catalogue.ts'
import { documentCheck, documentEvidence, documentType, evidenceType, recordType, trustFramework } from '#domain/consent/verification.ts'

/** What the library does not say by itself: prompts, languages, and identity assurance (OIDC4IDA §8). */
export function discoveryExtras({ verified }: Catalogue): NonNullable<Configuration['discovery']> {
  return {
    prompt_values_supported: ['none', 'login', 'consent', 'select_account'],
    // Every page fits every window; `popup`, `touch` and `wap` are taken and change nothing.
    display_values_supported: ['page'],
    claim_types_supported: ['normal'],
    ui_locales_supported: ['vi', 'en'],
    claims_locales_supported: ['vi'],
    verified_claims_supported: true,
    trust_frameworks_supported: [trustFramework],
    evidence_supported: [evidenceType, documentEvidence],
    electronic_records_supported: [recordType],
    documents_supported: [documentType],
    documents_check_methods_supported: [documentCheck],
    claims_in_verified_claims_supported: [...verified],
  }
}

/** What the library says by itself and is not so here. */
const corrections: Readonly<Record<string, unknown>> = {
  // `none` is for our own pages alone.
  response_types_supported: ['code'],
  // People have no code of their own to say to a service (CIBA Core §7.1 `user_code`).
  backchannel_user_code_parameter_supported: false,
}

/** Metadata that tell the truth (P18): everything a client may use, nothing else. */
export function corrected(metadata: object): object {
  const mistaken = Object.keys(corrections).filter((name) => name in metadata)
  return { ...metadata, ...Object.fromEntries(mistaken.map((name) => [name, corrections[name]])) }
}
