import { ownMetadata, ownPagesId, type Client } from './client.ts'

/**
 * "My e-ID" signs in like every service, at the same address and by the same rules, but is given nothing: it reads the one
 * session there is (OAuth 2.0 Multiple Response Types §4 `none`). `returnTo` is the only address it is led back to.
 */
export function ownPages(returnTo: string): Client {
  return {
    id: ownPagesId,
    own: ownMetadata.parse({
      profile: 'baseline',
      sector: 'dinh-danh',
      legal_name: { vi: 'Định danh điện tử', en: 'Electronic identity' },
      relying_party_class: 'A',
      minimum_authentication_level: 2,
    }),
    registered: {
      client_id: ownPagesId,
      client_name: 'Định danh điện tử',
      'client_name#en': 'Electronic identity',
      redirect_uris: [returnTo],
      post_logout_redirect_uris: [],
      response_types: ['none'],
      grant_types: [],
      token_endpoint_auth_method: 'none',
    },
  }
}
