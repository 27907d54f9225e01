/** The portal for developers: a key that is made here, and of which only the public half leaves. */
const kept = 'eid-sandbox-key'
const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }

async function makeKey(): Promise<{ own: object; shown: object }> {
  const { privateKey } = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const { kty, crv, x, y, d } = await crypto.subtle.exportKey('jwk', privateKey)
  const shown = { kty, crv, x, y, kid: crypto.randomUUID(), use: 'sig', alg: 'ES256' }
  return { own: { ...shown, d }, shown }
}

/** Before the form goes out, the public half goes into it; the private one waits in this tab for the next page. */
function armForm(form: HTMLFormElement): void {
  const field = form.elements.namedItem('key')
  if (!(field instanceof HTMLInputElement)) return
  form.addEventListener('submit', (event) => {
    if (new FormData(form).get('kind') === 'secret') return void (field.value = '')
    event.preventDefault()
    void makeKey().then(({ own, shown }) => {
      sessionStorage.setItem(kept, JSON.stringify(own))
      field.value = JSON.stringify(shown)
    }, () => undefined).finally(() => form.submit())
  })
}

const kidIn = (own: unknown): unknown => (typeof own === 'object' && own !== null ? Reflect.get(own, 'kid') : undefined)

/** The page of the new client finds its key in this tab; downloaded, it is forgotten here. */
function showKey(section: HTMLElement): void {
  const text = sessionStorage.getItem(kept)
  const link = section.querySelector('a')
  if (!text || !link) return
  if (kidIn(JSON.parse(text)) !== section.dataset['kid']) return
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
  link.download = 'own-key.json'
  link.addEventListener('click', () => sessionStorage.removeItem(kept))
  section.hidden = false
}

document.getElementById('faults')?.focus()
const form = document.querySelector<HTMLFormElement>('#new-client')
const section = document.getElementById('own-key')
if (form) armForm(form)
if (section) showKey(section)
