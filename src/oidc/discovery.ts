import type { Configuration } from 'oidc-provider'
import type { Catalogue } from '#domain/consent/catalogue.ts'
import { evidenceType, recordType, trustFramework } from '#domain/consent/verification.ts'

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
    evidence_supported: [evidenceType],
    electronic_records_supported: [recordType],
    claims_in_verified_claims_supported: [...verified],
  }
}
