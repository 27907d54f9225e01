import type { EvidenceStore } from '#domain/assurance/store.ts'
import type { ContactCodeStore } from '#domain/enrolment/contact-code.ts'
import type { Registration, RegistrationStore } from '#domain/enrolment/registration.ts'
import { challengeSeconds, type ChallengeStore } from '#domain/passkey/passkey.ts'
import type { Evidence } from '#domain/assurance/evidence.ts'
import type { Volatile } from './volatile.ts'

/** What belongs to one interaction and is forgotten with it, over whichever volatile store there is. */

export const challenges = (volatile: Volatile): ChallengeStore => ({
  put: (purpose, interaction, challenge) => volatile.put(`challenge:${purpose}:${interaction}`, challenge, challengeSeconds),
  take: (purpose, interaction) => volatile.take(`challenge:${purpose}:${interaction}`),
})

export const contactCodes = (volatile: Volatile, seconds: number): ContactCodeStore => ({
  put: (interaction, generation, code) => volatile.put(`contact-code:${interaction}:${generation}`, code, seconds),
  tried: (interaction, generation) => volatile.count(`contact-tries:${interaction}:${generation}`, seconds),
  read: (interaction, generation) => volatile.get(`contact-code:${interaction}:${generation}`),
  take: (interaction, generation) => volatile.take(`contact-code:${interaction}:${generation}`),
})

export const registrations = (volatile: Volatile, seconds: number): RegistrationStore => ({
  async find(interaction) {
    const stored = await volatile.get(`registration:${interaction}`)
    return stored === undefined ? undefined : read<Registration>(stored)
  },
  put: (interaction, registration) => volatile.put(`registration:${interaction}`, JSON.stringify(registration), seconds),
})

/** The evidence of a session, as long as the session lives. */
export const evidences = (volatile: Volatile, seconds: number): EvidenceStore => ({
  async find(session) {
    const stored = await volatile.get(`evidence:${session}`)
    return stored === undefined ? undefined : read<Evidence>(stored)
  },
  put: (session, evidence) => volatile.put(`evidence:${session}`, JSON.stringify(evidence), seconds),
})

function read<Value>(stored: string): Value {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- we wrote it, and it is sealed where others could reach it
  return JSON.parse(stored) as Value
}
