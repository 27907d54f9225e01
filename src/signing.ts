import type { HeldKey, KeyChange } from '#domain/signing-key/key.ts'
import { standingAt, type KeyStanding } from '#domain/signing-key/standing.ts'
import { publicActor } from '#domain/transparency/entry.ts'
import type { PresentKey } from '#domain/transparency/keys.ts'
import { inOrder, type Keyring } from '#keys/keyring.ts'
import { publicPart } from '#keys/public-part.ts'
import type { PrivateJwk, SigningEntry } from '#keys/ring-file.ts'

/** What a node signs with at one moment: the keys of its file, and where each stands by what two people decided. */
export type Signing = Readonly<{
  jwks: { keys: PrivateJwk[] }
  /** What everybody sees of them. */
  published: readonly HeldKey['jwk'][]
  held: readonly HeldKey[]
  standing: readonly KeyStanding[]
}>

/** The keys of the file as everybody may see them. */
export function heldOf(entries: readonly SigningEntry[]): readonly HeldKey[] {
  return entries.map(({ state, createdAt, jwk }) => ({ kid: jwk.kid, alg: jwk.alg, state, createdAt: new Date(createdAt), jwk: publicPart(jwk) }))
}

export function signingAt(entries: readonly SigningEntry[], changes: readonly KeyChange[], now: Date): Signing {
  const held = heldOf(entries)
  const standing = standingAt(held, changes, now)
  const states = new Map(standing.map(({ kid, state }) => [kid, state]))
  // One that was revoked neither signs nor is published, though it may still be in the file.
  const inUse = entries.flatMap((entry) => {
    const state = states.get(entry.jwk.kid) ?? entry.state
    return state === 'revoked' ? [] : [{ ...entry, state }]
  })
  return { held, standing, published: inUse.map(({ jwk }) => publicPart(jwk)), jwks: { keys: inOrder(inUse, ({ state }) => state) } }
}

/** What the transparency log is to say of the keys, before they are published or used. */
export function presentKeys({ present: ofFile }: Pick<Keyring, 'present'>, { held, standing }: Signing): readonly PresentKey[] {
  const byName = new Map(standing.map((key) => [key.kid, key]))
  return [
    ...held.map(({ kid, state: inFile, jwk }): PresentKey => {
      const { state = inFile, by } = byName.get(kid) ?? {}
      return { use: 'tokens', state: state === 'active' ? 'activated' : state, jwk, by: by && publicActor(by) }
    }),
    ...ofFile.filter(({ use }) => use === 'log'),
  ]
}

/** Two of them sign and publish the same. */
export function sameSigning(one: Signing, other: Signing): boolean {
  const told = ({ jwks, standing }: Signing) => JSON.stringify([jwks.keys.map(({ kid }) => kid), standing.map(({ kid, state, held }) => [kid, state, held])])
  return told(one) === told(other)
}

/** Keys that should sign, and are not in this node's file: it goes on with what it has. */
export function missingKeys({ standing }: Signing): readonly string[] {
  return standing.filter(({ held, state }) => !held && state === 'active').map(({ kid }) => kid)
}
