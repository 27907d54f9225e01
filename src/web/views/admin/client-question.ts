import { html, type Html, type Part } from '#web/html.ts'
import { csrfField } from '#web/page.ts'
import { clientPlaces } from '#web/place/console.ts'
import { errorSummary, type FieldFault } from '#web/views/field.ts'
import { button } from '#web/views/parts.ts'
import { adminPage, backTo, reasonField, type AdminView } from './frame.ts'

export type Asking = { id: string; name: string; faults: readonly FieldFault[]; reason?: string | undefined }

type Question = Asking & { title: string; text: Part; action: string; submit: string; look: 'primary' | 'danger'; fields?: Html }

/** What is done to a client, after a reason. */
export function askPage(view: AdminView, { id, name, faults, reason, title, text, action, submit, look, fields }: Question): Html {
  const error = (at: string) => faults.find((fault) => fault.field === at)?.message
  return adminPage(view, {
    title,
    between: [{ at: clientPlaces(id).start, label: name }],
    failed: faults.length > 0,
    script: faults.length > 0,
    body: html`${text}
${errorSummary(faults, view.language)}
<form method="post" action="${action}">${csrfField(view)}${fields}${reasonField(view, { value: reason, error: error('reason') })}
${button(submit, { look })}</form>
${backTo(view, clientPlaces(id).start)}`,
  })
}
