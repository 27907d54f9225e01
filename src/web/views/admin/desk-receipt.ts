import type { Application } from '#domain/desk/application.ts'
import type { Stage } from '#domain/desk/stage.ts'
import { officeAt } from '#domain/desk/station.ts'
import { html, type Html } from '#web/html.ts'
import { formatBirthDate as formatDate, formatTime } from '#web/i18n/format.ts'
import { textsOf } from '#web/i18n/language.ts'
import { deskPlaces } from '#web/place/console.ts'
import { summaryList } from '#web/views/parts.ts'
import { adminPage, backTo, type AdminView } from './frame.ts'

type Receipt = { application: Application; name: string; stage: Stage }

/** What the person takes home: on paper the frame, the doors and the buttons are left out. */
export function receiptPage(view: AdminView, { application: { id, reference, purpose, case: dossier, receivedAt, dueOn, decidedAt, refusal, station }, name, stage }: Receipt): Html {
  const { desk: t } = textsOf(view.language)
  const outcome = stage === 'done' ? t.receiptDone[purpose] : refusal === undefined ? t.receiptOpen : t.refusedText(t.refusals[refusal])
  return adminPage(view, {
    title: t.receiptTitle(reference),
    body: html`${summaryList([
      { label: t.name, value: name },
      { label: t.purpose, value: t.purposes[purpose] },
      { label: t.case, value: dossier },
      { label: t.received, value: formatTime(receivedAt) },
      ...(decidedAt === undefined ? [{ label: t.due, value: formatDate(dueOn) }] : [{ label: t.decided, value: formatTime(decidedAt) }]),
      { label: t.outcome, value: outcome },
      { label: t.place, value: t.at(station.desk, station.commune, officeAt(station)) },
    ])}
<p>${t.receiptText(officeAt(station))}</p>
<p class="hint noprint">${t.print}</p>
${backTo(view, deskPlaces(id).start)}`,
  })
}
