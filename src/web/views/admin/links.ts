import { html, type Html } from '#web/html.ts'
import { textsOf } from '#web/i18n/language.ts'
import { csrfField } from '#web/page.ts'
import { clientPlaces, healthPlaces } from '#web/place/console.ts'
import { errorSummary, errorText, hintText } from '#web/views/field.ts'
import { button } from '#web/views/parts.ts'
import { adminPage, backTo, type AdminView } from './frame.ts'

type Links = { id: string; name: string; fault?: string | undefined }

export function linksPage(view: AdminView, { id, name, fault }: Links): Html {
  const { language } = view
  const { health: { links: t } } = textsOf(language)
  const at = healthPlaces(id)
  return adminPage(view, {
    title: `${t.title}: ${name}`,
    between: [{ at: clientPlaces(id).start, label: name }, { at: at.start, label: textsOf(language).agreement.toHealth }],
    failed: fault !== undefined,
    script: fault !== undefined,
    body: html`<p class="lead">${t.text}</p>
${errorSummary(fault === undefined ? [] : [{ field: 'file', message: fault }], language)}
<form method="post" action="${at.links}" enctype="multipart/form-data">${csrfField(view)}
<div class="field${fault !== undefined && ' bad'}"><label for="file">${t.file}</label>
${hintText('file', t.recorded)}${errorText('file', fault, language)}
<input id="file" name="file" type="file" accept=".csv,.txt,text/csv,text/plain" required aria-describedby="file-hint${fault !== undefined && ' file-error'}"></div>
${button(t.button)}</form>
${backTo(view, at.start)}`,
  })
}
