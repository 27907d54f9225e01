/**
 * `represented`: a court has decided who may act for this person, or that nobody has to any more. `signed-out` is done by the provider in the person's own request; whatever
 * else ends a session, we end it ourselves. `mandate-ended` ends what somebody did in the name of an organisation, and nothing of their own.
 */
export type EndReason = 'signed-out' | 'signed-out-everywhere' | 'locked' | 'deceased' | 'passkey-removed' | 'represented' | 'mandate-ended'
