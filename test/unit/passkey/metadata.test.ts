import { beforeAll, describe, expect, test } from 'vitest'
import { authenticatorsSchema } from '#domain/passkey/authenticators.ts'
import { anchorsFor, compareWith, grave, listFault, modelsOf, signedListSchema, withAnchors, type SignedList } from '#domain/passkey/metadata.ts'
import { anchorOf, makeMaker, model } from '#test/support/attestation.ts'
import type { Authority } from '#test/support/certificates.ts'
import { derOf, entryOf, listOf } from '#test/support/metadata-service.ts'

const today = '2026-11-27'
const moment = { today, at: new Date() }
const rules = { source: 'a test', passkeysPerAccount: 10, anchors: [] }

describe('a model of the list', () => {
  let maker: Authority
  beforeAll(() => {
    maker = makeMaker('Khoa thu')
  })
  const one = (wish: Partial<Parameters<typeof entryOf>[0]> = {}): SignedList => signedListSchema.parse(listOf([entryOf({ aaguid: model, roots: [maker], ...wish })]))
  const standing = (wish: Partial<Parameters<typeof entryOf>[0]>) => modelsOf(one(wish), today)[0]?.standing
  const reports = (...said: readonly (readonly [string, string?])[]) => ({ reports: said.map(([status, effectiveDate]) => ({ status, ...(effectiveDate !== undefined && { effectiveDate }) })) })

  test.each(['FIDO_CERTIFIED', 'FIDO_CERTIFIED_L1', 'FIDO_CERTIFIED_L1plus', 'FIDO_CERTIFIED_L2', 'FIDO_CERTIFIED_L3plus'])('vouches for hardware when it is %s', (status) => {
    expect(standing(reports([status, '2024-01-02']))).toBe('in-order')
  })

  test.each(['REVOKED', 'USER_VERIFICATION_BYPASS', 'ATTESTATION_KEY_COMPROMISE', 'USER_KEY_REMOTE_COMPROMISE', 'USER_KEY_PHYSICAL_COMPROMISE'])('is broken by %s, whatever was said before or after, and from whatever day', (status) => {
    for (const day of ['2020-01-01', '2025-06-01', '2027-01-01']) expect(standing(reports(['FIDO_CERTIFIED_L1', '2024-01-02'], [status, day], ['FIDO_CERTIFIED_L2', '2026-01-01']))).toBe('broken')
    expect(standing(reports([status]))).toBe('broken')
  })

  test.each([['NOT_FIDO_CERTIFIED'], ['SELF_ASSERTION_SUBMITTED'], ['UPDATE_AVAILABLE'], ['FIPS140_CERTIFIED_L2'], ['FIDO_CERTIFIED_LIE'], ['XFIDO_CERTIFIED']])('is not certified by %s', (status) => {
    expect(standing(reports([status, '2024-01-02']))).toBe('uncertified')
  })

  test('is not certified before the day of its certification, and without any report', () => {
    expect(standing(reports(['FIDO_CERTIFIED_L1', '2026-11-28']))).toBe('uncertified')
    expect(standing(reports(['FIDO_CERTIFIED_L1', today]))).toBe('in-order')
    expect(standing({ reports: [] })).toBe('uncertified')
  })

  test.each([[['software']], [['hardware', 'software']], [['tee']], [[]]])('that keeps its keys in %j is no hardware', (keyProtection) => {
    expect(standing({ keyProtection })).toBe('not-hardware')
  })

  test('of another protocol, or without certificates, vouches for nothing', () => {
    expect(standing({ family: 'u2f' })).toBe('not-hardware')
    expect(standing({ roots: [] })).toBe('no-roots')
  })

  test('that is filled in wrongly vouches for nothing and does not hide the others', () => {
    const list = signedListSchema.parse(listOf([
      { aaguid: 'no model', statusReports: [] },
      { attestationCertificateKeyIdentifiers: ['00'], statusReports: [] },
      { aaguid: '00000000-0000-0000-0000-000000000000', statusReports: [] },
      { aaguid: model, metadataStatement: { description: 5 }, statusReports: [{ status: 'FIDO_CERTIFIED' }] },
      // 128 bits that are no UUID: letters, as makers like them.
      entryOf({ aaguid: '5343502D-5343-5343-6172-644649444F32', roots: [maker], description: 'Thẻ\u0007\n thử' }),
    ]))
    expect(modelsOf(list, today).map(({ aaguid, description, standing: how }) => [aaguid, description, how])).toEqual([
      [model, '', 'not-hardware'], ['5343502d-5343-5343-6172-644649444f32', 'Thẻ thử', 'in-order'],
    ])
    expect(signedListSchema.safeParse(listOf([{ aaguid: model, statusReports: 'REVOKED' }])).success).toBe(false)
  })

  test('becomes anchors that the configuration takes, one for each certificate in force', () => {
    const over = makeMaker('Khoa cu').issue({ subject: '/CN=cu', days: -1 })
    const wanted = anchorsFor(one({ roots: [maker, over] }), [model, model], moment)
    const anchors = wanted.is === 'anchors' ? wanted.anchors : []
    expect(anchors).toHaveLength(1)
    expect(anchors[0]).toMatchObject({ name: 'Khóa thử', aaguids: [model], source: expect.stringContaining('FIDO MDS no. 123') })
    const { rules: written } = withAnchors(rules, anchors, { no: 123, nextUpdate: '2026-12-27' })
    expect(authenticatorsSchema.parse(written)).toEqual({ ...rules, anchors, list: { no: 123, nextUpdate: '2026-12-27' } })
    // Once more changes nothing but the list.
    expect(withAnchors(written, anchors, { no: 124, nextUpdate: '2027-01-27' })).toEqual({ rules: { ...written, list: { no: 124, nextUpdate: '2027-01-27' } }, added: [] })
  })

  test('of several, one that may not be taken keeps all from being written', () => {
    expect(anchorsFor(one(), [model, 'ffffffff-0000-0000-0000-000000000001'], moment)).toEqual({ is: 'refused', aaguid: 'ffffffff-0000-0000-0000-000000000001', why: 'unlisted' })
    expect(anchorsFor(one(reports(['REVOKED'])), [model], moment)).toMatchObject({ why: 'broken' })
    expect(anchorsFor(one({ roots: [makeMaker('x').issue({ subject: '/CN=cu', days: -1 })] }), [model], moment)).toMatchObject({ why: 'no-root-in-force' })
  })

  test('that is configured is compared with a newer list', () => {
    const anchors = [anchorOf(maker, [model, 'ffffffff-0000-0000-0000-000000000001'])]
    const found = (list: SignedList) => compareWith(list, { anchors }, today).map(({ finding }) => finding)
    expect(found(one())).toEqual(['in-order', 'unlisted'])
    expect(found(one(reports(['FIDO_CERTIFIED'], ['REVOKED', today])))).toEqual(['broken', 'unlisted'])
    expect(found(one({ roots: [makeMaker('Khoa thu')] }))).toEqual(['other-root', 'unlisted'])
    expect(found(one({ roots: [] }))).toEqual(['other-root', 'unlisted'])
    expect([grave.has('broken'), grave.has('other-root'), grave.has('unlisted'), grave.has('in-order')]).toEqual([true, true, false, false])
  })

  test('may have its certificate with line ends in it', () => {
    const list = one()
    const broken = derOf(maker).replaceAll(/.{64}/g, '$&\r\n ')
    expect(broken).toContain('\n')
    const entries = list.entries.map((entry) => ({ ...entry, metadataStatement: entry.metadataStatement && { ...entry.metadataStatement, attestationRootCertificates: ['no certificate', broken] } }))
    expect(anchorsFor({ ...list, entries }, [model], moment).is).toBe('anchors')
  })
})

test.each([
  ['in time, and the first', { no: 5, nextUpdate: today }, undefined, undefined],
  ['that was used before', { no: 5, nextUpdate: today }, { no: 5, nextUpdate: today }, undefined],
  ['that is over', { no: 5, nextUpdate: '2026-11-26' }, undefined, 'over'],
  ['of a lower number', { no: 4, nextUpdate: '2026-12-26' }, { no: 5, nextUpdate: today }, 'older'],
  ['of a higher number and an earlier day', { no: 6, nextUpdate: today }, { no: 5, nextUpdate: '2026-12-26' }, 'older'],
] as const)('a list %s', (_what, list, known, fault) => {
  expect(listFault(list, { known, today })).toBe(fault)
})
