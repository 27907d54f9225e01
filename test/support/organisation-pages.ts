import { forWhomPage } from '#web/views/acting.ts'
import { declareOrganisationPage, type TypedDeclaration } from '#web/views/declare-organisation.ts'
import { givePage, mandatePage, type MandateShown } from '#web/views/mandates.ts'
import { organisationPage, organisationsPage, type OneOrganisation } from '#web/views/organisations.ts'
import type { Html } from '#web/html.ts'
import type { View } from '#web/page.ts'

const name = 'Công ty Cổ phần Đầu tư Xây dựng và Thương mại Dịch vụ Hoàng Thành Phương Nam'
const id = '0193a5d0-0000-7000-8000-000000000001'
const one: OneOrganisation = { id, name, code: '0101234567', address: 'Số 1, đường Lê Lợi, Hà Nội', representatives: [{ name: 'Lê Thị Thu Hà', agreed: true }, { name: 'Đỗ Văn Bình', agreed: false }], acts: ['lock'], sent: false, level2: true, reader: 'either' }
const mandate: MandateShown = {
  id, organisation: name, who: 'Nguyễn Thị Ánh Nguyệt', number: '079•••••1234', role: 'Kế toán', scope: ['Mọi dịch vụ của Tổng cục Thuế', 'Cổng Dịch vụ công quốc gia'], from: '26/11/2026', until: '26/11/2027', state: 'accepted', open: true,
}
const application = { state: 'consenting' as const, reference: '7F3K-29QD', due: undefined }
const giving = {
  organisation: { id, name }, roles: [{ id: 'accountant', label: 'Kế toán' }, { id: 'clerk', label: 'Nhân viên nộp hồ sơ' }],
  scopes: [{ value: 'service-dGh1ZQ', label: 'Thuế điện tử' }, { value: 'sector-dGh1ZQ', label: 'Mọi dịch vụ của Tổng cục Thuế' }], typed: { from: '2026-11-26', until: '2027-11-26' }, faults: [],
}

const declaredAs: TypedDeclaration = { code: '0401234567', name, kind: 'association', address: 'Số 1, đường Lê Lợi, Hà Nội', papers: '1234/QĐ-UBND', issuer: 'Ủy ban nhân dân thành phố Hà Nội', issuedOn: '2020-01-02', others: [{ number: '079085001234', name: 'Nguyễn Thị Ánh Nguyệt' }] }

/** The pages of organisations and mandates, each at its longest. */
export const organisationPages: Readonly<Record<string, (view: View) => Html>> = {
  'organisations, none': (view) => organisationsPage(view, { reader: 'either', represented: [], mandates: [], level2: false }),
  organisations: (view) => organisationsPage(view, { reader: 'either', represented: [one, { ...one, hindrance: 'no-account' }], mandates: [mandate, { ...mandate, state: 'offered', fault: 'not-accepted' }], level2: true }),
  'an organisation to apply for': (view) => organisationPage(view, { ...one, hindrance: 'no-account', acts: ['apply'] }),
  'an organisation at level 1': (view) => organisationPage(view, { ...one, hindrance: 'no-account', acts: [], level2: false }),
  'an organisation that asks for consent': (view) => organisationPage(view, { ...one, hindrance: 'no-account', application, acts: ['agree', 'decline'] }),
  'an organisation that was refused': (view) => organisationPage(view, { ...one, hindrance: 'no-account', application: { ...application, state: 'refused', refusal: 'data-differ' }, acts: ['apply'] }),
  'an organisation to activate': (view) => organisationPage(view, { ...one, hindrance: 'not-activated', acts: ['activate', 'lock'] }),
  'an organisation with mandates': (view) => organisationPage(view, { ...one, mandates: [mandate, { ...mandate, fault: 'giver-gone' }], sent: true }),
  'an organisation that is locked': (view) => organisationPage(view, { ...one, hindrance: 'locked', acts: ['unlock'] }),
  'declare an organisation': (view) => declareOrganisationPage(view, { typed: declaredAs, faults: [], level2: true, reader: 'either' }),
  'declare an organisation, mistyped': (view) => declareOrganisationPage(view, { typed: declaredAs, faults: [{ field: 'code', message: 'Hãy nhập 10 hoặc 13 số.' }, { field: 'kind-state-body', message: 'Hãy chọn loại tổ chức.' }, { field: 'number1', message: 'Hãy nhập đủ 12 số.' }], level2: true, reader: 'either' }),
  'declare an organisation, at level 1': (view) => declareOrganisationPage(view, { typed: declaredAs, faults: [], level2: false, reader: 'either' }),
  'an organisation that is declared': (view) => organisationPage(view, { ...one, pending: true, hindrance: 'no-account', application: { ...application, state: 'waiting', due: '14/12/2026' }, acts: ['withdraw'] }),
  'give a mandate': (view) => givePage(view, giving),
  'give a mandate, mistyped': (view) => givePage(view, { ...giving, faults: [{ field: 'number', message: 'Hãy nhập đủ 12 số.' }, { field: 'scope-service-dGh1ZQ', message: 'Hãy chọn ít nhất một nơi.' }] }),
  'a mandate that is offered': (view) => mandatePage(view, { ...mandate, state: 'offered', fault: 'not-accepted' }),
  'a mandate that is held': (view) => mandatePage(view, mandate),
  'in whose name': (view) => forWhomPage(view, {
    service: { name: 'Tổng cục Thuế' }, uid: 'an-interaction-of-someone', self: 'Nguyễn Thị Ánh Nguyệt', selfFirst: false,
    choices: [{ value: `organisation:${id}`, name, as: 'Kế toán', code: '0101234567' }, { value: 'b', name: 'Phạm Minh Anh', as: 'con dưới 14 tuổi' }],
  }),
}
