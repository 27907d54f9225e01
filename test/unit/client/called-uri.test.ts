import { expect, test } from 'vitest'
import { calledUriFault, readClient } from '#domain/client/client.ts'

const named = { allowLocal: false, outboundAllow: ['sandbox.internal', '127.0.0.1'] }

test.each(['https://thue.example/out', 'http://sandbox.internal:8080/out', 'http://127.0.0.1:4000/out'])('P20: %s may be called', (uri) => {
  expect(calledUriFault(uri, named)).toBeUndefined()
})

test.each([
  'http://thue.example/out', 'https://localhost/out', 'http://localhost/out', 'https://10.0.0.1/out', 'https://intranet/out', 'ftp://sandbox.internal/out',
  'http://someone@sandbox.internal/out', 'http://sandbox.internal/out#here', 'https://thue.example/out#here', 'nothing',
])('P20: %s may not', (uri) => {
  expect(calledUriFault(uri, named)).toContain('address to call')
})

test.each(['jwks_uri', 'backchannel_logout_uri', 'backchannel_client_notification_endpoint'])('P20: %s is looked at when a client is registered', (field) => {
  const client = { client_id: 'tax', client_name: 'Thuế', profile: 'baseline', ends_on: '2099-12-31', sector: 'tax.example', legal_name: { vi: 'Thuế', en: 'Tax' }, redirect_uris: ['https://tax.example/back'] }
  const outcome = (uri: string) => readClient({ ...client, [field]: uri }, { allowLocal: false })
  expect(outcome('https://tax.example/out')).toHaveProperty('client')
  expect(outcome('http://tax.example/out')).toEqual({ fault: expect.stringContaining('must be https') })
})
