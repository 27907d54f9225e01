/**
 * `represented`: a court has decided who may act for this person, or that nobody has to any more. `representative-replaced`: the registry names
 * somebody else to act for them. `acts-alone`: nobody has to act for them any more, by their age. `mandate-ended` ends what somebody did in the name of an organisation, and nothing of their own. `signed-out` is done by the provider in the person's own request; whatever else ends a session, we end it ourselves.
 */
export type EndReason = 'signed-out' | 'signed-out-everywhere' | 'locked' | 'deceased' | 'passkey-removed' | 'represented' | 'representative-replaced' | 'acts-alone' | 'mandate-ended'
