import type { AdapterPayload, Client as ProviderClient } from 'oidc-provider'
import { profileRules, profiles, settledBy, type Profile } from '#domain/client/profile.ts'
import type { Client } from '#domain/client/client.ts'

/** Our own member of a client's metadata, by which the library's hooks know the profile without asking a store. */
export const profileMember = 'eid_profile'

/**
 * RFC 7591 metadata for the library, with what the profile settles. What is ours stays with us, but the library wants to hear of a
 * sector before it takes a pairwise client whose redirect URIs are on several hosts (OIDC Core §8.1); subjects are ours and never
 * derived from it.
 */
export function toMetadata({ own, registered }: Client, certificates: boolean): AdapterPayload & Client['registered'] {
  const { defaults, imposed } = settledBy(own.profile, registered, { certificates })
  return {
    sector_identifier_uri: `https://${own.sector}/`,
    // Without this a client could ask for every type there is (RFC 9396 §10).
    authorization_details_types: [],
    ...defaults,
    ...registered,
    ...imposed,
    [profileMember]: own.profile,
  }
}

/** The profile of a client that the library holds; the strictest, should it ever have none. */
export function profileOf(client: ProviderClient | undefined): Profile {
  const named: unknown = client?.[profileMember]
  return profiles.find((profile) => profile === named) ?? 'fapi2-ms'
}

export function isFapi(client: ProviderClient | undefined): boolean {
  return profileRules[profileOf(client)].fapi
}
