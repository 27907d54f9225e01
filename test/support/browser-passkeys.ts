import type { CDPSession, Page } from 'playwright-core'

type CdpCredential = Awaited<ReturnType<typeof readCredentials>>[number]

export type Passkeys = {
  /** Lets the person be there for one act: pending and new passkey dialogs succeed until the act has finished. */
  present: <T>(act: () => Promise<T>) => Promise<T>
  /** Present, and waiting until a passkey was really used or made: what to use for a button that leads to a new page. */
  used: <T>(act: () => Promise<T>) => Promise<T>
  /** False: fingerprint and PIN fail, as they do for a stranger. */
  verifies: (yes: boolean) => Promise<void>
  list: () => Promise<CdpCredential[]>
  remove: (credentialId: string) => Promise<void>
  removeAll: () => Promise<void>
  /** The device is put away: nothing on this page can ask it any more. */
  putAway: () => Promise<void>
  /** Takes the passkeys of another page or profile along, as a synced account does. */
  addAll: (credentials: readonly CdpCredential[]) => Promise<void>
}

/**
 * A phone's own authenticator behind this page (CDP domain WebAuthn): synced, discoverable, with user verification; or, at `usb`, a
 * security key, which is not synced. The person is absent until `present`, so that autofill armed at load waits as it does on a real phone.
 */
export async function addPasskeys(page: Page, { transport = 'internal' }: { transport?: 'internal' | 'usb' } = {}): Promise<Passkeys> {
  const synced = transport === 'internal'
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('WebAuthn.enable')
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      ctap2Version: 'ctap2_1',
      transport,
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: false,
      defaultBackupEligibility: synced,
      defaultBackupState: synced,
    },
  })
  const simulate = (enabled: boolean) => cdp.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled })
  const present: Passkeys['present'] = async (act) => {
    await simulate(true)
    try {
      return await act()
    } finally {
      await simulate(false)
    }
  }
  return {
    present,
    used: (act) => {
      const seen = nextUse(cdp)
      // Where the act itself fails, that is what the test hears of.
      seen.catch(() => undefined)
      return present(() => act().then(async (result) => {
        await seen
        return result
      }))
    },
    verifies: async (yes) => void (await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: yes })),
    list: () => readCredentials(cdp, authenticatorId),
    remove: async (credentialId) => void (await cdp.send('WebAuthn.removeCredential', { authenticatorId, credentialId })),
    removeAll: async () => void (await cdp.send('WebAuthn.clearCredentials', { authenticatorId })),
    putAway: async () => void (await cdp.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId })),
    addAll: async (credentials) => {
      for (const credential of credentials) await cdp.send('WebAuthn.addCredential', { authenticatorId, credential })
    },
  }
}

async function readCredentials(cdp: CDPSession, authenticatorId: string) {
  return (await cdp.send('WebAuthn.getCredentials', { authenticatorId })).credentials
}

const longestWait = 10_000

function nextUse(cdp: CDPSession): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('no passkey was used or made')), longestWait)
    const done = () => {
      clearTimeout(late)
      resolve()
    }
    cdp.once('WebAuthn.credentialAsserted', done)
    cdp.once('WebAuthn.credentialAdded', done)
  })
}
