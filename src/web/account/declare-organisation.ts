import { z } from 'zod'
import { Problem } from '#kernel/problem.ts'
import { justNow } from '#domain/assurance/floor.ts'
import { declareOrganisation } from '#domain/organisation/act.ts'
import { declaration, declaredKinds, isIssued, type Declaration } from '#domain/organisation/declared.ts'
import { organisationCode } from '#domain/organisation/organisation.ts'
import { parsePersonalNumber } from '#domain/registry/personal-number.ts'
import { textsOf, type Language } from '#web/i18n/language.ts'
import { organisationPlace, places } from '#web/place/citizen.ts'
import { readerOf } from '#web/reader.ts'
import type { Answer } from '#web/route.ts'
import { declareOrganisationPage, type TypedDeclaration } from '#web/views/declare-organisation.ts'
import type { FieldFault } from '#web/views/field.ts'
import { citizenRoute, posted, type Scene } from './citizen.ts'
import { personOf, type OrganisationPageTools } from './organisations.ts'

const line = z.string().trim().max(300).default('')
const short = z.string().trim().max(40).default('')

const typedForm = posted.extend({
  code: short, name: line, kind: short, address: line, papers: line, issuer: line, issuedOn: short,
  number1: short, name1: line, number2: short, name2: line, number3: short, name3: line,
})

const nothing: TypedDeclaration = { code: '', name: '', kind: '', address: '', papers: '', issuer: '', issuedOn: '', others: [] }

const askToDeclare = citizenRoute({
  route: `GET ${places.declareOrganisation}`,
  form: z.strictObject({}),
  act: (tools: OrganisationPageTools, scene) => form(tools, scene, nothing),
})

async function form(tools: OrganisationPageTools, scene: Scene, typed: TypedDeclaration, faults: readonly FieldFault[] = []): Promise<Answer> {
  const [{ level2 }, reader] = await Promise.all([personOf(tools, scene), readerOf(tools, scene.citizen.account)])
  return { page: declareOrganisationPage(scene.view, { typed, faults, level2, reader }), status: faults.length > 0 ? 422 : 200 }
}

/**
 * An act with a passkey that was shown moments ago, of an account of level 2 (Decree 69/2024 Art 12). A number that is established already is told, for it is
 * public; what others have declared is not, nor whether anybody has the number of a person (W10).
 */
export const declare = citizenRoute({
  route: `POST ${places.declareOrganisation}`,
  floor: justNow,
  form: typedForm,
  act: async (tools: OrganisationPageTools, scene, { csrf: _csrf, number1, name1, number2, name2, number3, name3, ...rest }) => {
    const typed: TypedDeclaration = { ...rest, others: [{ number: number1, name: name1 }, { number: number2, name: name2 }, { number: number3, name: name3 }] }
    const { faults: t } = textsOf(scene.view.language).organisation.declaring
    const read = readDeclaration(typed, { language: scene.view.language, now: tools.clock.now() })
    if ('faults' in read) return form(tools, scene, typed, read.faults)
    const done = await declareOrganisation(tools, scene.citizen.account, read.declaration)
    return done.is === 'done' ? { redirect: organisationPlace(done.organisation) } : form(tools, scene, typed, [{ field: 'code', message: t[done.is] }])
  },
})

/** What was typed, or everything that is wrong with it. */
function readDeclaration(typed: TypedDeclaration, { language, now }: { language: Language; now: Date }): { declaration: Declaration } | { faults: readonly FieldFault[] } {
  const { faults: t } = textsOf(language).organisation.declaring
  const code = organisationCode.safeParse(typed.code.replaceAll(/[\s.-]/g, '')).data
  const issuedOn = z.iso.date().safeParse(typed.issuedOn).data
  const others = readOthers(typed.others, language)
  const faults: readonly (FieldFault | false)[] = [
    code === undefined && { field: 'code', message: t.code },
    typed.name === '' && { field: 'name', message: t.name },
    !declaredKinds.some((kind) => kind === typed.kind) && { field: `kind-${declaredKinds[0]}`, message: t.kind },
    typed.address === '' && { field: 'address', message: t.address },
    typed.papers === '' && { field: 'papers', message: t.papers },
    typed.issuer === '' && { field: 'issuer', message: t.issuer },
    (issuedOn === undefined || !isIssued(issuedOn, now)) && { field: 'issuedOn', message: t.issuedOn },
    ...others.faults,
  ]
  const said = faults.filter((fault) => fault !== false)
  if (said.length > 0) return { faults: said }
  const read = declaration.safeParse({ code, name: typed.name, kind: typed.kind, address: typed.address, papers: { number: typed.papers, issuer: typed.issuer, issuedOn }, others: others.named })
  if (!read.success) throw new Problem('request.malformed')
  return { declaration: read.data }
}

/** A line that is empty names nobody; of any other both halves are needed. */
function readOthers(others: TypedDeclaration['others'], language: Language): { named: Declaration['others']; faults: readonly FieldFault[] } {
  const { faults: t } = textsOf(language).organisation.declaring
  const lines = others.map((one, at) => ({ at: at + 1, ...one, read: parsePersonalNumber(one.number) })).filter(({ number, name }) => number !== '' || name !== '')
  return {
    named: lines.flatMap(({ read, name }) => (read === undefined ? [] : [{ number: read, name }])),
    faults: lines.flatMap(({ at, read, name }) => [
      ...(read === undefined ? [{ field: `number${at}`, message: t.otherNumber }] : []),
      ...(name === '' ? [{ field: `name${at}`, message: t.otherName }] : []),
    ]),
  }
}

export const declareOrganisationRoutes = [askToDeclare, declare] as const
