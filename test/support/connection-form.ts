import type { Page } from 'playwright-core'
import { z } from 'zod'
import { textsOf, type Language } from '#web/i18n/language.ts'
import type { Hand } from './hand.ts'

const two = z.object({ vi: z.string(), en: z.string() })
const wished = z.looseObject({
  client_id: z.string(), client_name: z.string(), legal_name: two, sector: z.string(), relying_party_class: z.string(), profile: z.string(),
  agreement: z.object({ number: z.string(), signed_on: z.string(), ends_on: z.string() }).optional(), security_level: z.number().optional(), contacts: z.array(z.string()).default([]),
  redirect_uris: z.array(z.string()).default([]), post_logout_redirect_uris: z.array(z.string()).default([]), jwks_uri: z.string().default(''), jwks: z.json().optional(), ends_on: z.string().default(''),
  purposes: z.array(z.object({ claims: z.array(z.string()), basis: z.string(), reference: two.optional(), purpose: two })).default([]),
})

/** The fields of a request to connect, filled in with an entry; claims by their technical names. */
export function asTyped(entry: unknown): Record<string, string> {
  const { agreement, purposes, ...one } = wished.parse(entry)
  const ofPurposes = purposes.flatMap(({ claims, basis, reference, purpose: { vi, en } }, at) => Object.entries(
    { more: claims.join(' '), basis, refVi: reference?.vi ?? '', refEn: reference?.en ?? '', vi, en }).map(([name, value]) => [`p${at}_${name}`, value] as const))
  return {
    clientId: one.client_id, name: one.client_name, legalVi: one.legal_name.vi, legalEn: one.legal_name.en, sector: one.sector, class: one.relying_party_class, profile: one.profile, endsOn: one.ends_on,
    redirectUris: one.redirect_uris.join('\n'), postLogoutUris: one.post_logout_redirect_uris.join('\n'), jwksUri: one.jwks_uri, jwks: one.jwks === undefined ? '' : JSON.stringify(one.jwks),
    account: '1', authentication: '2', security: String(one.security_level ?? ''), contacts: one.contacts.join('\n'),
    ...(agreement && { agreementNumber: agreement.number, agreementFrom: agreement.signed_on, agreementUntil: agreement.ends_on }),
    ...Object.fromEntries(ofPurposes),
  }
}

/** The same by hand, field by field, as the page names them; one purpose. */
export async function typeRequest({ page, hand, language }: { page: Page; hand: Hand; language: Language }, entry: unknown): Promise<void> {
  const { clients: { form: t, classes, profiles, bases, level }, agreement } = textsOf(language)
  const typed = asTyped(entry)
  const fields = {
    [t.clientId]: 'clientId', [t.name]: 'name', [t.legalVi]: 'legalVi', [t.legalEn]: 'legalEn', [t.sector]: 'sector', [t.jwksUri]: 'jwksUri', [t.jwks]: 'jwks', [t.redirectUris]: 'redirectUris',
    [t.postLogoutUris]: 'postLogoutUris', [t.more]: 'p0_more', [t.refVi]: 'p0_refVi', [t.refEn]: 'p0_refEn', [t.purposeVi]: 'p0_vi', [t.purposeEn]: 'p0_en',
    [t.agreementNumber]: 'agreementNumber', [t.agreementFrom]: 'agreementFrom', [t.agreementUntil]: 'agreementUntil', [t.contacts]: 'contacts',
  }
  for (const [label, name] of Object.entries(fields)) if ((typed[name] ?? '') !== '') await hand.fill(label, typed[name] ?? '')
  for (const name of await page.locator('input[name=p0_claims]:checked').all()) await name.uncheck()
  await page.getByLabel(typed['class'] === 'A' ? classes.A : classes.B, { exact: true }).check()
  await page.getByLabel(profiles.fapi2, { exact: true }).check()
  await page.getByRole('group', { name: t.account }).getByLabel(level(1), { exact: true }).check()
  await page.getByRole('group', { name: t.authentication }).getByLabel(level(2), { exact: true }).check()
  await page.getByLabel(typed['p0_basis'] === 'law' ? bases.law : bases.consent, { exact: true }).check()
  await page.getByLabel(agreement.security, { exact: true }).selectOption(typed['security'] ?? '')
}
