import { ownMetadataNames, type OwnMetadata } from './client.ts'

/** Members of RFC 7591 metadata and its extensions that are said in words, in the order in which people read them. */
export const standardMembers = [
  'client_id', 'client_name', 'client_name#en', 'redirect_uris', 'post_logout_redirect_uris', 'token_endpoint_auth_method', 'token_endpoint_auth_signing_alg',
  'jwks', 'jwks_uri', 'tls_client_auth_subject_dn', 'tls_client_certificate_bound_access_tokens', 'backchannel_logout_uri', 'backchannel_logout_session_required',
  'grant_types', 'response_types', 'application_type', 'id_token_signed_response_alg', 'userinfo_signed_response_alg', 'request_object_signing_alg',
  'id_token_encrypted_response_alg', 'id_token_encrypted_response_enc', 'backchannel_token_delivery_mode', 'backchannel_client_notification_endpoint',
  'authorization_details_types', 'default_max_age', 'contacts', 'client_uri', 'logo_uri', 'policy_uri', 'tos_uri',
  // Of a proposal to replace a secret: that it does, and never what it is.
  'client_secret', 'keeps_days',
  // Of one about a key: where it stands, and where it would.
  'key_state',
] as const

export type KnownMember = (typeof standardMembers)[number] | keyof OwnMetadata

const order: readonly string[] = ['client_id', 'client_name', 'client_name#en', 'legal_name', 'sector', 'relying_party_class', 'profile', 'ends_on', ...standardMembers, ...ownMetadataNames]

/** Whatever people look for first comes first; what has no words comes last, by name. */
export function inReadingOrder<Named extends { member: string }>(all: readonly Named[]): readonly Named[] {
  const placeOf = ({ member }: Named) => (order.includes(member) ? order.indexOf(member) : order.length)
  return all.toSorted((one, other) => placeOf(one) - placeOf(other) || (one.member < other.member ? -1 : 1))
}
