import type { Banner } from '#domain/banner/banner.ts'
import { html, trusted, type Html } from './html.ts'
import { textsOf, type Language } from './i18n/language.ts'
import { againScriptPath, consoleScriptPath, developerScriptPath, scannedScriptPath, scriptPath } from './assets/served.ts'
import { bannersBlock } from './views/banners.ts'
import { linkButton } from './views/parts.ts'
import { emblem, watermark } from './views/emblem.ts'
import { places } from './place/citizen.ts'
import { style } from './views/style.ts'
import { workStyle } from './views/work-style.ts'

/** What every page is given besides its own props. */
export type View = {
  language: Language
  /** Stands hidden in every form (ASVS 3.5.1). */
  csrf: string
  /** That of the language switch, where the page's own is bound to a session. */
  languageCsrf?: string
  /** Path and query of this page, to come back to after the language switch. */
  here: string
  /** What everybody is told at this time. */
  banners?: readonly Banner[]
  /** A page of the sandbox: nobody on it is real. */
  trying?: boolean
}

export type Page = {
  /** The only h1; also the title. */
  title: string
  body: Html
  /** Something went wrong: `Lỗi:` stands in front of the title. */
  failed?: boolean
  /** Passkey and countdown behaviour, that of the developers' portal, or that of a code that came by camera; pages without it load no script. */
  script?: boolean | 'developer' | 'scanned'
  wide?: boolean
  /** For work: with the sheet of such pages beside that of all. */
  work?: boolean
  /** With the keys of the console. */
  shortcuts?: boolean
  /** Looks again after so many seconds, where something is under way and nothing is typed; without a script, by its button. */
  again?: number
}

export function csrfField({ csrf }: View): Html {
  return html`<input type="hidden" name="csrf" value="${csrf}">`
}

function languageSwitch(view: View): Html {
  const t = textsOf(view.language).frame
  const choice = (language: Language, name: string) =>
    language === view.language
      ? html`<span class="lang-now" lang="${language}" aria-current="true">${name}</span>`
      : html`<button class="lang" name="language" value="${language}" lang="${language}">${name}</button>`
  return html`<form class="langs" method="post" action="${places.language}" aria-label="${t.languageLabel}">
${csrfField({ ...view, csrf: view.languageCsrf ?? view.csrf })}<input type="hidden" name="return" value="${view.here}">
${choice('vi', 'Tiếng Việt')}${choice('en', 'English')}</form>`
}

function header(view: View): Html {
  const t = textsOf(view.language).frame
  return html`<a class="skip" href="#main">${t.skip}</a>
${view.trying === true && html`<aside class="notice warning"><p><strong>${t.sandbox.name}</strong> ${t.sandbox.says}</p></aside>`}
<header class="top"><div class="in">
<span class="mark">${emblem}<span class="word">${t.wordmark.map((line) => html`<span>${line} </span>`)}</span></span>
${languageSwitch(view)}
<a class="helplink" href="${places.help}">${t.help}</a>
</div></header>`
}

function footer(view: View): Html {
  const t = textsOf(view.language).frame
  return html`<footer class="foot"><div class="in"><nav aria-label="${t.footerLabel}">
<a href="${places.accessibility}">${t.accessibility}</a>
<a href="${places.privacy}">${t.privacy}</a>
</nav></div></footer>`
}

/** By a script and a button: `<meta refresh>` cannot be stopped by whoever reads slowly (WCAG 2.2.1, F41). */
function lookAgain(view: View, seconds: number): Html {
  return html`
<p id="again" data-seconds="${seconds}">${linkButton(textsOf(view.language).frame.lookAgain, view.here, 'secondary')}</p>`
}

const ownScripts = { developer: developerScriptPath, scanned: scannedScriptPath }

/** The frame of every page. The style stands inline and is allowed by its hash; no request is made for it. */
export function page(view: View, { title, body, failed = false, script = false, wide = false, work = false, shortcuts = false, again }: Page): Html {
  const t = textsOf(view.language).frame
  return html`<!DOCTYPE html>
<html lang="${view.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${failed && t.errorPrefix}${title} – ${t.product}</title>
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<link rel="icon" href="${places.icon}" type="image/svg+xml">
<style>${trusted(style)}</style>${work && html`<style>${trusted(workStyle.text)}</style>`}
${script !== false && html`<script type="module" src="${script === true ? scriptPath : ownScripts[script]}"></script>`}${shortcuts && html`
<script type="module" src="${consoleScriptPath}"></script>`}${again !== undefined && html`
<script type="module" src="${againScriptPath}"></script>`}
</head>
<body>
${header(view)}
<main id="main" tabindex="-1"${wide && html` class="wide"`}>
${bannersBlock(view.banners ?? [], view.language)}${body}${again !== undefined && lookAgain(view, again)}
</main>
${footer(view)}
${watermark}
</body>
</html>
`
}
