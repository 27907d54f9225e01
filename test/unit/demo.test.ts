import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { readClient } from '#domain/client/client.ts'
import { demoClients } from '#demo/clients.ts'
import { personLines, signInLines, verifiedLines } from '#demo/claims.ts'

const json = (file: string): unknown => JSON.parse(readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8'))
const scopesFile = z.looseObject({ scopes: z.record(z.string(), z.array(z.string())) })
const purposes = z.array(z.looseObject({ claims: z.array(z.string()) }))

test('both demo services can be registered', () => {
  const read = demoClients().map((client) => readClient(client, { allowLocal: true }))
  expect(read.map((one) => ('fault' in one ? one.fault : one.client.id))).toEqual(['cong-dich-vu-cong-thu', 'thu-vien-cong-cong-thu'])
})

test('each scope and claim that the portal gives a purpose for exists', () => {
  const { scopes } = scopesFile.parse(json('config/scopes.json'))
  const claims = new Set(Object.values(scopes).flat())
  const wanted = purposes.parse(demoClients()[0]?.['purposes']).flatMap((purpose) => purpose.claims)
  expect(wanted.filter((claim) => !claims.has(claim))).toEqual([])
})

test('the key that is registered is the one the portal signs with, without its private part', () => {
  const { d, ...shown } = z.looseObject({ d: z.string() }).parse(json('demo/portal-key.development-only.json'))
  expect(d).toMatch(/^[\w-]{43}$/)
  expect(demoClients()[0]?.['jwks']).toEqual({ keys: [shown] })
})

test('other ports move the redirect URIs and nothing else', () => {
  const uris = demoClients({ portalPort: 4001, libraryPort: 4002 }).flatMap((one) => [...one.redirect_uris, ...one.post_logout_redirect_uris])
  expect(uris).toEqual([
    'http://localhost:4001/callback', 'http://localhost:4001/signed-out',
    'http://localhost:4002/callback', 'http://localhost:4002/signed-out',
  ])
})

test('claims are shown in words, unknown ones under their own name', () => {
  const lines = personLines({ iss: 'x', birthdate: '1990-01-31', vn_personal_id: '079190000123', email_verified: true, fresh: 7 }, 'vi')
  expect(lines.map(({ label, value }) => `${label}: ${value}`)).toEqual([
    'Ngày sinh: 31/01/1990', 'Số định danh cá nhân: 079 190 000 123', 'Thư điện tử đã xác nhận: có', 'fresh: 7',
  ])
})

test('how somebody signed in is told, and what is not said is not made up', () => {
  const token = { acr: 'urn:vn:eid:loa:2', amr: ['swk', 'other'], auth_time: 1795400000, iss: 'http://localhost:3000' }
  expect(signInLines(token, 'en').map(({ value }) => value)).toEqual([
    'Level 2: two factors (a passkey and the screen unlock)', 'a passkey that may be synced, other', '23/11/2026 09:13', 'http://localhost:3000',
  ])
  expect(signInLines({}, 'en').map(({ value }) => value)).toEqual(['Not said', ''])
})

test('verified claims are read whether one or several', () => {
  const one = { verification: { assurance_level: 'level_1' }, claims: { name: 'ĐỖ ƯNG' } }
  expect(verifiedLines({ verified_claims: one }, 'vi')).toEqual(verifiedLines({ verified_claims: [one] }, 'vi'))
  expect(verifiedLines({ verified_claims: one }, 'vi').map(({ value }) => value)).toEqual(['Mức 1', 'ĐỖ ƯNG'])
  expect(verifiedLines({}, 'vi')).toEqual([])
})

test('the simulator of faces signs with the key that npm start trusts, which has no private part', () => {
  const { d, ...shown } = z.looseObject({ d: z.string() }).parse(json('demo/face-key.development-only.json'))
  expect(d).toMatch(/^[\w-]{43}$/)
  expect(json('demo/face-keys.development-only.json')).toEqual({ keys: [shown] })
})
