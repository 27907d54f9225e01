import { z } from 'zod'
import type { ProposalId } from '#kernel/id.ts'

/** The name of a signing key, as tokens carry it (RFC 7515 §4.1.4); ours is its thumbprint (RFC 7638). */
export const keyName = z.string().regex(/^[A-Za-z0-9_-]{43}$/)

/** staged: published, unused. active: signs. retired: published until the last token that it signed has expired. revoked: published nowhere. */
export const keyStates = ['staged', 'active', 'retired', 'revoked'] as const
export type KeyState = (typeof keyStates)[number]

/** A key that signs tokens, as the key file has it; the JWK is the public one. */
export type HeldKey = { kid: string; alg: string; state: Exclude<KeyState, 'revoked'>; createdAt: Date; jwk: Readonly<Record<string, string>> }

/** Who decided about a key: two people, or in an emergency whoever opened the sealed key. */
export type DecidedBy = { role: 'approver'; proposal: ProposalId } | { role: 'break-glass'; key: string }

/** What was decided about a key, and from when it counts. Decisions have an order, and none is ever taken back. */
export type KeyChange = { seq: number; act: 'activate' | 'retire' | 'revoke'; kid: string; alg: string; at: Date; decidedAt: Date; by: DecidedBy }
