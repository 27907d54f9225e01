import type { Unlocking, UnlockingStore } from '#domain/account/unlocking.ts'
import type { Acting, ActingStore, Proven, ProvenStore } from '#domain/acting/store.ts'
import type { EvidenceStore } from '#domain/assurance/store.ts'
import type { ContactCodeStore, Sent } from '#domain/enrolment/contact-code.ts'
import type { Registration, RegistrationStore } from '#domain/enrolment/registration.ts'
import type { Comparison, ComparisonStore } from '#domain/face/comparison.ts'
import type { Recovery, RecoveryStore } from '#domain/recovery/recovery.ts'
import { challengeSeconds, type ChallengeStore } from '#domain/passkey/passkey.ts'
import type { Evidence } from '#domain/assurance/evidence.ts'
import type { Volatile } from './volatile.ts'

/** What belongs to one interaction and is forgotten with it, over whichever volatile store there is. */

export const challenges = (volatile: Volatile): ChallengeStore => ({
  put: (purpose, interaction, challenge) => volatile.offer(`challenge:${purpose}:${interaction}`, challenge, challengeSeconds),
  take: (purpose, interaction) => volatile.take(`challenge:${purpose}:${interaction}`),
})

export const contactCodes = (volatile: Volatile, seconds: number): ContactCodeStore => ({
  // Longer than an interaction lives, so that the numbers do not begin again within one.
  next: (interaction) => volatile.count(`contact-codes:${interaction}`, seconds * 4),
  put: (interaction, generation, sent) => volatile.offer(`contact-code:${interaction}:${generation}`, JSON.stringify(sent), seconds),
  tried: (interaction, generation) => volatile.count(`contact-tries:${interaction}:${generation}`, seconds),
  read: async (interaction, generation) => readIf<Sent>(await volatile.get(`contact-code:${interaction}:${generation}`)),
  take: async (interaction, generation) => readIf<Sent>(await volatile.take(`contact-code:${interaction}:${generation}`)),
})

export const registrations = (volatile: Volatile, seconds: number): RegistrationStore => ({
  find: async (interaction) => readIf<Registration>(await volatile.get(`registration:${interaction}`)),
  put: (interaction, registration) => volatile.put(`registration:${interaction}`, JSON.stringify(registration), seconds),
})

const unlockingSeconds = 300

export const unlockings = (volatile: Volatile): UnlockingStore => ({
  put: (interaction, unlocking) => volatile.offer(`unlocking:${interaction}`, JSON.stringify(unlocking), unlockingSeconds),
  take: async (interaction) => readIf<Unlocking>(await volatile.take(`unlocking:${interaction}`)),
})

const comparisonSeconds = 600

export const comparisons = (volatile: Volatile): ComparisonStore => ({
  put: (interaction, comparison) => volatile.offer(`face:${interaction}`, JSON.stringify(comparison), comparisonSeconds),
  take: async (interaction) => readIf<Comparison>(await volatile.take(`face:${interaction}`)),
})

export const provens = (volatile: Volatile): ProvenStore => ({
  put: (interaction, proven) => volatile.offer(`proven:${interaction}`, JSON.stringify(proven), unlockingSeconds),
  find: async (interaction) => readIf<Proven>(await volatile.get(`proven:${interaction}`)),
  take: async (interaction) => readIf<Proven>(await volatile.take(`proven:${interaction}`)),
})

/** As long as a grant lives that no session outlives. */
export const actings = (volatile: Volatile, seconds: number): ActingStore => ({
  find: async (grant) => readIf<Acting>(await volatile.get(`acting:${grant}`)),
  put: (grant, acting) => volatile.put(`acting:${grant}`, JSON.stringify(acting), seconds),
})

const recoverySeconds = 600

/** Shorter than an interaction: a code was spent for it. */
export const recoveries = (volatile: Volatile): RecoveryStore => ({
  find: async (interaction) => readIf<Recovery>(await volatile.get(`recovery:${interaction}`)),
  put: (interaction, recovery) => volatile.put(`recovery:${interaction}`, JSON.stringify(recovery), recoverySeconds),
})

/** The evidence of a session, as long as the session lives. */
export const evidences = (volatile: Volatile, seconds: number): EvidenceStore => ({
  find: async (session, account) => readIf<Evidence>(await volatile.get(`evidence:${session}:${account}`)),
  put: (session, account, evidence) => volatile.put(`evidence:${session}:${account}`, JSON.stringify(evidence), seconds),
})

function readIf<Value>(stored: string | undefined): Value | undefined {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- we wrote it, and it is sealed where others could reach it
  return stored === undefined ? undefined : (JSON.parse(stored) as Value)
}
