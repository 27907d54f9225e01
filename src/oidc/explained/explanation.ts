/** Where a program meets an error. `an API` is one that takes our tokens; `authorization` comes back at the redirect URI, `page` is shown to the person, the others are JSON. */
export type Place =
  | 'authorization' | 'page' | 'PAR' | 'token' | 'UserInfo' | 'introspection' | 'revocation' | 'backchannel authentication' | 'device authorization' | 'every endpoint' | 'an API'

/** One error code for those who integrate: `docs/relying-parties/errors.md` is made from these. */
export type Explanation = {
  where: readonly Place[]
  /** What has happened. */
  cause: string
  /** What whoever reads this does about it. */
  remedy: string
  /** Beginnings of `error_description` that tell one cause of several. A test finds each in our sources or the library's. */
  reasons?: readonly { says: string; remedy: string }[]
}
