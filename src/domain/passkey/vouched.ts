import type { AuthenticatorRules } from './authenticators.ts'
import type { Passkey, PasskeyStore } from './passkey.ts'

/**
 * A key counts as hardware as long as somebody vouches for its model: where the operator has taken the model out of
 * `config/authenticators.json`, because it was broken, all its keys are passkeys like others from the next start on.
 */
export function stillVouched(store: PasskeyStore, rules: () => AuthenticatorRules): PasskeyStore {
  const today = (passkey: Passkey): Passkey => ({ ...passkey, hardwareBound: passkey.hardwareBound && isVouchedFor(rules(), passkey.aaguid) })
  return {
    ...store,
    async find(id) {
      const passkey = await store.find(id)
      return passkey && today(passkey)
    },
    ofAccount: async (account) => (await store.ofAccount(account)).map(today),
  }
}

function isVouchedFor({ anchors }: AuthenticatorRules, model: string): boolean {
  return anchors.some(({ aaguids }) => aaguids.includes(model))
}
