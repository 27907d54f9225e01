import { html, type Html } from '#web/html.ts'
import { countryChoices } from '#web/i18n/country.ts'
import { textsOf } from '#web/i18n/language.ts'
import { interactionPlaces } from '#web/place/interaction.ts'
import type { View } from '#web/page.ts'
import { select } from './area.ts'
import { field } from './field.ts'
import { linkButton, servicePlate } from './parts.ts'
import { faultsOf, stepPage, type Registering } from './registration.ts'

type PassportStep = Registering & {
  values?: { passport: string; country: string }
  errors?: { passport?: 'missing' | 'format'; country?: 'missing' }
}

/** Step 1 of a foreigner: posts `passport` and `country` to `/interaction/:uid/register/passport`. */
export function registerPassportPage(view: View, props: PassportStep): Html {
  const { frame, registration: { passport: { errors: words, ...t } } } = textsOf(view.language)
  const { values, errors = {} } = props
  const at = interactionPlaces(props.uid)
  const passport = errors.passport && words[errors.passport]
  const country = errors.country && words.country
  return stepPage(view, props, {
    step: 1,
    title: t.title,
    action: at.passport,
    faults: faultsOf({ passport, country }),
    submit: frame.continue,
    after: linkButton(t.citizen, at.register, 'link'),
    body: html`${servicePlate(props.service)}<p class="lead">${t.lead}</p>
${field({
      name: 'passport',
      label: t.label,
      hint: t.hint,
      error: passport,
      value: values?.passport,
      language: view.language,
      autocomplete: 'off',
      autocapitalize: 'characters',
      look: 'number',
      maxlength: 30,
      spellcheck: false,
    })}
${select({
      name: 'country', label: t.country, hint: t.countryHint, error: country, value: values?.country, language: view.language,
      choices: [{ value: '', label: t.choose }, ...countryChoices(view.language)],
    })}`,
  })
}
