import { base64URLStringToBuffer } from '@simplewebauthn/browser'
import { assertionJson } from './assertion.ts'
import { attestationJson, creationOptions } from './creation.ts'
import { showInAppNotice } from './in-app.ts'
import { startCountdown } from './countdown.ts'

type Form = HTMLFormElement
type RequestOptions = PublicKeyCredentialRequestOptionsJSON

function data<T>(id: string): T | undefined {
  const text = document.getElementById(id)?.textContent
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the server wrote this block into the same page (`jsonBlock`)
  return text ? (JSON.parse(text) as T) : undefined
}

function say(what: 'cancelled' | 'failed' | 'exists' | ''): void {
  const note = document.getElementById('note')
  if (note) note.textContent = what === '' ? '' : (note.dataset[what] ?? note.dataset['failed'] ?? '')
}

function send(form: Form, field: 'assertion' | 'attestation', answer: object): void {
  const input = form.elements.namedItem(field)
  if (input instanceof HTMLInputElement) input.value = JSON.stringify(answer)
  form.submit()
}

function requestOptions(json: RequestOptions, hybrid: boolean): PublicKeyCredentialRequestOptions {
  const { challenge, allowCredentials = [], rpId, timeout, hints } = json
  return {
    ...(rpId !== undefined && { rpId }),
    ...(timeout !== undefined && { timeout }),
    challenge: base64URLStringToBuffer(challenge),
    userVerification: 'required',
    // Transports are left out on purpose: a stale list hides a key that would work.
    allowCredentials: allowCredentials.map(({ id }) => ({ id: base64URLStringToBuffer(id), type: 'public-key' })),
    ...(hybrid ? { hints: ['hybrid'] } : hints && { hints }),
  }
}

let conditional: AbortController | undefined

/** Passkeys as suggestions of the number field; waits silently until one is picked (WebAuthn L3 §5.1.4.1 "conditional"). */
async function arm(form: Form, options: RequestOptions): Promise<void> {
  if (!(await PublicKeyCredential.isConditionalMediationAvailable?.())) return
  conditional = new AbortController()
  const { signal } = conditional
  const publicKey = requestOptions(options, false)
  const answer = await navigator.credentials.get({ publicKey, mediation: 'conditional', signal }).catch(() => null)
  if (answer && !signal.aborted) send(form, 'assertion', assertionJson(answer))
}

type Capable = { getClientCapabilities?: () => Promise<Record<string, boolean>> }

/** Whether the browser can open the chooser only if it holds a passkey, and be silent otherwise. */
async function immediate(options: RequestOptions): Promise<boolean> {
  const capable: Capable = PublicKeyCredential
  // The immediate mode refuses a list of credentials, for it would tell which of them are on the device.
  if (options.allowCredentials?.length) return false
  // It knows what this device holds and nothing else, and would send away whoever has the key in their hand.
  if (options.hints?.includes('security-key')) return false
  const able = await capable.getClientCapabilities?.().catch(() => undefined)
  return able?.['immediateGet'] === true
}

async function signIn(form: Form, options: RequestOptions): Promise<void> {
  conditional?.abort()
  const hybrid = form.dataset['act'] === 'hybrid'
  const atOnce = !hybrid && (await immediate(options))
  try {
    const request = { publicKey: requestOptions(options, hybrid), ...(atOnce && { uiMode: 'immediate' }) }
    const answer = await navigator.credentials.get(request)
    if (answer) send(form, 'assertion', assertionJson(answer))
  } catch (error) {
    const none = form.dataset['none']
    const refused = error instanceof DOMException && error.name === 'NotAllowedError'
    if (atOnce && refused && none) return location.assign(none)
    say(refused ? 'cancelled' : 'failed')
    if (form.dataset['act'] === 'get') void arm(form, options)
  }
}

type CreationOptions = Parameters<typeof creationOptions>[0]

/** What the browser's refusals mean to a person (WebAuthn L3 §5.1.3, §6.3.2). */
const refusals: Partial<Record<string, 'exists' | 'cancelled'>> = { InvalidStateError: 'exists', NotAllowedError: 'cancelled' }

async function create(form: Form, options: CreationOptions): Promise<void> {
  try {
    send(form, 'attestation', attestationJson(await navigator.credentials.create({ publicKey: creationOptions(options) })))
  } catch (error) {
    say((error instanceof Error && refusals[error.name]) || 'failed')
  }
}

// Absent in browsers that are otherwise able; the DOM types promise them.
type Signals = Partial<Pick<typeof PublicKeyCredential, 'signalUnknownCredential' | 'signalAllAcceptedCredentials'>>

/** Tells the password manager which passkeys still work here (WebAuthn L3 §5.1.10), so that it stops offering the others. */
function signal(): void {
  const signals: Signals = PublicKeyCredential
  const unknown = data<UnknownCredentialOptions>('passkey-unknown')
  const accepted = data<AllAcceptedCredentialsOptions>('passkey-accepted')
  if (unknown) void signals.signalUnknownCredential?.(unknown).catch(() => undefined)
  if (accepted) void signals.signalAllAcceptedCredentials?.(accepted).catch(() => undefined)
}

/** What a press on the one button does, by what the form is for. */
function act(form: Form): Promise<void> | undefined {
  if (form.dataset['act'] === 'create') {
    const options = data<CreationOptions>('passkey-options')
    return options && create(form, options)
  }
  const options = data<RequestOptions>('passkey-options')
  return options && signIn(form, options)
}

function listen(form: Form): void {
  let busy = false
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    if (busy) return
    busy = true
    say('')
    void act(form)?.finally(() => {
      busy = false
    })
  })
  const options = data<RequestOptions>('passkey-options')
  if (options && form.dataset['act'] === 'get') void arm(form, options)
}

function start(): void {
  document.getElementById('faults')?.focus()
  startCountdown()
  // A page from the back-forward cache holds a spent challenge.
  addEventListener('pageshow', (event) => event.persisted && location.reload())
  // A sign-out that needs no question; without a script the button is pressed by hand.
  document.querySelector<HTMLFormElement>('form[data-now]')?.requestSubmit()

  const form = document.querySelector<Form>('#passkey')
  if (!('PublicKeyCredential' in window)) return form ? showInAppNotice(form) : undefined
  signal()
  if (form) listen(form)
}

start()
