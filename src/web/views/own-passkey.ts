import { html, jsonBlock, type Html } from '#web/html.ts'
import { textsOf } from '#web/i18n/language.ts'
import { csrfField, page, type View } from '#web/page.ts'
import { ownPasskeyPlaces, places } from '#web/place/citizen.ts'
import { errorSummary, field } from './field.ts'
import { button, linkButton, notice, summaryList, type SummaryRow } from './parts.ts'

/** One of a person's passkeys; times as people read them. `name` is theirs, or else its maker's. */
export type KeyShown = { handle: string; name?: string | undefined; kind: 'hardware' | 'synced' | 'device'; added: string; used?: string | undefined }

/** What the browser is told of our passkeys, so that it offers no others (WebAuthn L3 §5.1.10.3). */
export type Accepted = { rpId: string; userId: string; allAcceptedCredentialIds: readonly string[] }

/** All passkeys of somebody, and the ways to one more. A single one is a warning: with it the account would be lost. */
export function keyList(view: View, keys: readonly KeyShown[], accepted: Accepted): Html {
  const t = textsOf(view.language).myEid.keys
  return html`<h2>${t.title}</h2>
${keys.length === 1 && notice('warning', t.onlyOne, view.language)}
${summaryList(keys.map((key) => ({ label: labelOf(view, key), value: html`${lines(view, key)}<br><a href="${ownPasskeyPlaces(key.handle).start}">${t.manage}<span class="sr"> ${labelOf(view, key)}</span></a>` })))}
<p class="pair">${linkButton(t.own.title, places.newPasskey, 'secondary')}
${linkButton(t.add.title, places.securityKey, 'secondary')}</p>
${jsonBlock('passkey-accepted', accepted)}`
}

const labelOf = ({ language }: View, { name, kind }: KeyShown) => name ?? textsOf(language).myEid.keys.kinds[kind]

function lines({ language }: View, { name, kind, added, used }: KeyShown): Html {
  const t = textsOf(language).myEid.keys
  return html`${name !== undefined && html`${t.kinds[kind]}<br>`}${t.added(added)}<br>${used === undefined ? t.neverUsed : t.used(used)}`
}

export function passkeyPage(view: View, key: KeyShown, { typed }: { typed?: string } = {}): Html {
  const { keys: t, back } = textsOf(view.language).myEid
  const at = ownPasskeyPlaces(key.handle)
  return page(view, {
    title: t.one.title(labelOf(view, key)),
    failed: typed !== undefined,
    script: typed !== undefined,
    body: html`${typed !== undefined && errorSummary([{ field: 'name', message: t.one.nameFault }], view.language)}
<h1>${t.one.title(labelOf(view, key))}</h1>
${summaryList(rows(view, key))}
<form method="post" action="${at.name}">${csrfField(view)}
${field({ name: 'name', language: view.language, label: t.one.name, hint: t.one.nameHint, value: typed ?? key.name ?? '', ...(typed !== undefined && { error: t.one.nameFault }) })}
${button(t.one.rename)}</form>
<p>${linkButton(t.one.remove, at.remove, 'link')}
${linkButton(back, places.account, 'link')}</p>`,
  })
}

function rows(view: View, { kind, added, used }: KeyShown): readonly SummaryRow[] {
  const { one: t, ...keys } = textsOf(view.language).myEid.keys
  return [
    { label: t.kind, value: keys.kinds[kind] },
    { label: t.added, value: added },
    { label: t.used, value: used ?? keys.neverUsed },
  ]
}

/** Asked before it is done. The last one is not removed: what to do instead is said. */
export function removePasskeyPage(view: View, key: KeyShown, { last }: { last: boolean }): Html {
  const { keys: { one: t, own }, back } = textsOf(view.language).myEid
  const label = labelOf(view, key)
  return page(view, {
    title: last ? t.lastTitle : t.removeTitle(label),
    body: last
      ? html`<h1>${t.lastTitle}</h1>
<p class="lead">${t.lastText}</p>
${linkButton(own.title, places.newPasskey)}
${linkButton(back, places.account, 'link')}`
      : html`<h1>${t.removeTitle(label)}</h1>
<p class="lead">${t.removeText}</p>
<form method="post" action="${ownPasskeyPlaces(key.handle).remove}">${csrfField(view)}${button(t.removeButton, { look: 'danger' })}</form>
${linkButton(back, places.account, 'link')}`,
  })
}

export function passkeyRemovedPage(view: View): Html {
  const { one: t } = textsOf(view.language).myEid.keys
  return page(view, {
    title: t.removed,
    body: html`<h1>${t.removed}</h1>
<p class="lead">${t.removedText}</p>
${linkButton(textsOf(view.language).myEid.notSignedIn.again, places.account)}`,
  })
}
