import { z } from 'zod'
import { namesSomebody } from './personal-data.ts'

/**
 * The dossier in which a citizen is looked up, as the authority numbers it (`000.00.19.H29-261104-0001`, `12/2026/HS-TA`). Personal
 * numbers and the like have no place in the log (L04).
 */
export const caseNumber = z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N}./_-]{2,63}$/u).refine((text) => !namesSomebody(text))

/** Why somebody is looked up; the citizen reads it. A closed list, for what is typed freely ends up naming people. */
export const lookUpGrounds = ['asked-by-citizen', 'complaint', 'incident', 'inspection', 'investigation', 'court'] as const
/** What an officer at a desk looks somebody up for. */
export const deskGrounds = ['desk-level-2', 'desk-recovery'] as const
export type LookUpGround = (typeof lookUpGrounds | typeof deskGrounds)[number]
