import { html, type Html } from '#web/html.ts'
import { formatWait } from '#web/i18n/format.ts'
import { textsOf } from '#web/i18n/language.ts'
import { csrfField, page, type View } from '#web/page.ts'
import { birthDateField, type DateParts } from './date-field.ts'
import { codeField, errorSummary, field, type FieldFault } from './field.ts'
import { button, linkButton, notice, progress, servicePlate, type Service } from './parts.ts'
import { interactionPlaces } from '#web/place/interaction.ts'
import { backToService } from './sign-in.ts'

export type Registering = { service: Service; uid: string }

type Step = {
  step: number
  title: string
  action: string
  faults: readonly FieldFault[]
  body: Html
  submit: string
  after?: Html
}

export function stepPage(view: View, { service, uid }: Registering, step: Step): Html {
  return page(view, {
    title: step.title,
    failed: step.faults.length > 0,
    script: true,
    body: html`${errorSummary(step.faults, view.language)}
${progress(step.step, 4, view.language)}
<h1>${step.title}</h1>
<form method="post" action="${step.action}" novalidate>${csrfField(view)}
${step.body}
${button(step.submit)}</form>
${step.after}
${backToService(view, service, uid)}`,
  })
}

export function faultsOf(faults: Readonly<Record<string, string | undefined>>): readonly FieldFault[] {
  return Object.entries(faults).flatMap(([name, message]) => (message === undefined ? [] : [{ field: name, message }]))
}

type NumberStep = Registering & { value?: string; error?: 'missing' | 'format' }

/** Step 1: posts `number` to `/interaction/:uid/register`. */
export function registerNumberPage(view: View, props: NumberStep): Html {
  const t = textsOf(view.language)
  const message = props.error && t.registration.number.errors[props.error]
  return stepPage(view, props, {
    step: 1,
    title: t.registration.number.title,
    action: interactionPlaces(props.uid).register,
    faults: faultsOf({ number: message }),
    submit: t.frame.continue,
    after: foreignerForm(view, props),
    body: html`${servicePlate(props.service)}${field({
      name: 'number',
      label: t.signIn.numberLabel,
      hint: t.registration.number.hint,
      error: message,
      value: props.value,
      language: view.language,
      inputmode: 'numeric',
      autocomplete: 'off',
      look: 'number',
      maxlength: 20,
      spellcheck: false,
    })}`,
  })
}

/** In both languages whatever the page's: who needs it may not read it. A POST, for it chooses the language. */
function foreignerForm(view: View, { uid }: Registering): Html {
  const { foreigner, foreignerIn } = textsOf(view.language).registration.number
  return html`<form method="post" action="${interactionPlaces(uid).foreigner}">${csrfField(view)}
<p>${foreigner}</p>${button(html`<span lang="${foreignerIn.lang}">${foreignerIn.text}</span>`, { look: 'secondary' })}</form>`
}

type IdentityStep = Registering & {
  foreign?: boolean
  values?: { name: string } & DateParts
  errors?: { name?: 'nameMissing' | 'nameLong' | 'nameLatin'; birthDate?: 'dateMissing' | 'yearShort' | 'dateWrong' }
}

/** Step 2: posts `name`, `birthDay`, `birthMonth`, `birthYear` to `/register/identity`; read them with `readBirthDate`. */
export function registerIdentityPage(view: View, props: IdentityStep): Html {
  const t = textsOf(view.language)
  const { errors: words, ...i } = t.registration.identity
  const { values, errors = {}, foreign = false } = props
  const name = errors.name && words[errors.name]
  const birthDay = errors.birthDate && words[errors.birthDate]
  return stepPage(view, props, {
    step: 2,
    title: i.title,
    action: interactionPlaces(props.uid).identity,
    faults: faultsOf({ name, birthDay }),
    submit: t.frame.continue,
    body: html`<p class="lead">${foreign ? t.registration.passport.identityLead : i.lead}</p>
${field({
      name: 'name',
      label: i.name,
      hint: foreign ? t.registration.passport.nameHint : i.nameHint,
      error: name,
      value: values?.name,
      language: view.language,
      autocomplete: 'name',
      maxlength: 200,
      spellcheck: false,
    })}
${birthDateField({ language: view.language, value: values, error: birthDay, paper: foreign ? 'passport' : 'card' })}`,
  })
}

type ContactStep = Registering & { value?: string; error?: 'missing' | 'format' }

/** Step 3: posts `email` to `/register/contact`. */
export function registerContactPage(view: View, props: ContactStep): Html {
  const t = textsOf(view.language).registration.contact
  const message = props.error && t.errors[props.error]
  return stepPage(view, props, {
    step: 3,
    title: t.title,
    action: interactionPlaces(props.uid).contact,
    faults: faultsOf({ email: message }),
    submit: t.button,
    body: html`<p class="lead">${t.lead}</p>
${field({
      name: 'email',
      label: t.label,
      hint: t.hint,
      error: message,
      value: props.value,
      language: view.language,
      type: 'email',
      inputmode: 'email',
      autocomplete: 'email',
      maxlength: 254,
      spellcheck: false,
    })}
<p class="hint">${t.notForSignIn}</p>`,
  })
}

type CodeStep = Registering & {
  /** Masked: `l•••@example.com` (`maskEmail`). */
  address: string
  /** How long codes are and how long they live. */
  rules: { digits: number; minutes: number }
  /** Seconds until a new code may be asked for; 0 = now. */
  resendIn: number
  resent?: boolean
  error?: { is: 'missing' | 'format' | 'spent' } | { is: 'wrong'; left: number }
}

function resendForm(view: View, { uid, resendIn }: CodeStep): Html {
  const t = textsOf(view.language).registration.code
  const at = interactionPlaces(uid)
  return html`<form method="post" action="${at.resend}" id="resend" data-wait="${resendIn}">${csrfField(view)}
${button(t.resend, { look: 'secondary' })}
${resendIn > 0 && html`<p class="hint" id="wait">${t.wait} <span class="count">${formatWait(resendIn)}</span></p>`}</form>
${linkButton(t.otherAddress, at.contact, 'link')}`
}

/** Step 3, second half: posts `code` to `/register/code`; the other form asks for a new code at `/register/resend`. */
export function registerCodePage(view: View, props: CodeStep): Html {
  const t = textsOf(view.language)
  const { errors, ...c } = t.registration.code
  const message = props.error && (props.error.is === 'wrong' ? errors.wrong(props.error.left) : errors[props.error.is])
  return stepPage(view, props, {
    step: 3,
    title: c.title,
    action: interactionPlaces(props.uid).code,
    faults: faultsOf({ code: message }),
    submit: t.frame.continue,
    after: resendForm(view, props),
    body: html`${props.resent && notice('success', c.resent, view.language)}
<p class="lead">${c.lead(props.address, props.rules)}</p>
${codeField({ name: 'code', label: c.label(props.rules.digits), hint: c.spam, error: message, language: view.language, maxlength: 12 })}`,
  })
}
