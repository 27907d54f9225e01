import { ownApiId, ownMetadata, type Client } from '#domain/client/client.ts'
import { apiScopes } from './scope.ts'

/**
 * The API of administrators is a resource server like others (RFC 8707), and part of this server. Its tokens are JWTs (RFC 9068) that
 * live for five minutes; what their holder may do is looked up at each call.
 */
export function ownApi(identifier: string): Client {
  return {
    id: ownApiId,
    own: {
      ...ownMetadata.parse({ profile: 'fapi2', sector: 'dinh-danh', legal_name: { vi: 'Định danh điện tử', en: 'Electronic identity' }, relying_party_class: 'A' }),
      resource_server: {
        identifier,
        scopes: Object.entries(apiScopes).map(([name, { label }]) => ({ name, label })),
        access_token: 'jwt',
        access_token_signing_alg: 'ES256',
        access_token_seconds: 300,
      },
    },
    registered: {
      client_id: ownApiId,
      client_name: 'Định danh điện tử (API)',
      redirect_uris: [],
      post_logout_redirect_uris: [],
      response_types: [],
      grant_types: [],
      token_endpoint_auth_method: 'none',
    },
  }
}
