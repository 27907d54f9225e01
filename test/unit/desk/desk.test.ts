import { describe, expect, test } from 'vitest'
import { clockOf, dueGoingOn, dueOn, isWorkingDay, lastDayOver } from '#domain/desk/clock.ts'
import { deskCode, makeDeskCode, readDeskCode, shownCode } from '#domain/desk/code.ts'
import { deskFault } from '#domain/desk/fault.ts'
import { levelProven, seenOf } from '#domain/desk/proofing.ts'
import { calendar, deskRules, evidenceKinds } from '#domain/desk/rules.ts'
import { areRelated, dutyOf, isImmigration } from '#domain/desk/station.ts'
import { isNight, onShift, post } from '#domain/officer/post.ts'
import { roleFault, type RoleGrant } from '#domain/officer/role.ts'
import { personalNumber } from '#domain/registry/person.ts'
import { aForeigner, aPassport, anAccount, aPerson } from '#test/support/made-up.ts'

describe('the code of a desk', () => {
  test('tells a wrong digit and two that changed places', () => {
    for (let round = 0; round < 20; round += 1) {
      const code = makeDeskCode()
      for (let at = 0; at < 8; at += 1) {
        for (let digit = 0; digit < 10; digit += 1) {
          const wrong = `${code.slice(0, at)}${digit}${code.slice(at + 1)}`
          expect(deskCode.safeParse(wrong).success).toBe(wrong === code)
        }
        const swapped = at < 7 ? `${code.slice(0, at)}${code[at + 1]}${code[at]}${code.slice(at + 2)}` : code
        expect(deskCode.safeParse(swapped).success).toBe(swapped === code)
      }
    }
  })
  test('is read as it is shown', () => {
    const code = makeDeskCode()
    expect([readDeskCode(` ${shownCode(code)} `), readDeskCode(code.replace(/(\d{4})/, '$1–')), readDeskCode('1234')]).toEqual([code, code, undefined])
  })
})

describe('statutory clocks (Decree 69/2024 Art 13)', () => {
  test.each([
    ['2026-11-23', 3, '2026-11-26', 'in the week'],
    ['2026-11-26', 3, '2026-12-01', 'over a weekend'],
    ['2026-11-28', 1, '2026-11-30', 'that came on a Saturday'],
    ['2026-04-29', 3, '2026-05-06', 'over 30 April, 1 May and a weekend'],
    ['2026-02-13', 1, '2026-02-23', 'over Tết'],
    ['2030-12-31', 1, '2031-01-01', 'in a year without a list nothing is due too late'],
  ])('what came on %s is due in %i working days on %s: %s', (received, days, due) => {
    expect(dueOn(received, days)).toBe(due)
  })
  test('run three days for level 2, seven for a foreigner whose face and fingerprints are missing, and no longer for anything else', () => {
    const days = (...asked: Parameters<typeof clockOf>) => deskRules.clocks[clockOf(...asked)].workingDays
    expect([days('level-2'), days('level-2', 'on-record'), days('level-2', 'missing'), days('recovery'), days('recovery', 'missing')]).toEqual([3, 3, 7, 3, 3])
    expect(dueOn('2026-11-26', days('level-2', 'missing'))).toBe('2026-12-07')
  })
  test.each([
    ['missing now', 'level-2', 'biometrics-missing', '2026-12-07'],
    ['not missing after all', 'biometrics-missing', 'level-2', '2026-12-01'],
    ['missing as before', 'biometrics-missing', 'biometrics-missing', '2026-12-01'],
    ['as before', 'level-2', 'level-2', '2026-12-01'],
    ['for a lost phone now', 'level-2', 'recovery', '2026-12-01'],
    ['for level 2 now, and missing', 'recovery', 'biometrics-missing', '2026-12-07'],
  ] as const)('what is gone on with, face and fingerprints being %s, is due from its beginning, and never sooner than was promised', (_what, clock, now, due) => {
    expect(dueGoingOn({ receivedAt: new Date('2026-11-25T18:00:00Z'), dueOn: '2026-12-01', clock }, now)).toBe(due)
    expect(dueGoingOn({ receivedAt: new Date('2026-11-25T18:00:00Z'), dueOn: '2026-12-31', clock }, now)).toBe('2026-12-31')
    // Holidays may have been added since it was promised.
    expect(dueGoingOn({ receivedAt: new Date('2026-11-25T18:00:00Z'), dueOn: '2026-11-27', clock }, now)).toBe(due === '2026-12-07' ? due : '2026-11-27')
  })
  test('what nobody worked on since a day is over once so many working days have passed, and not before', () => {
    for (const today of ['2026-11-26', '2026-05-06', '2026-11-30', '2026-02-23']) {
      const day = lastDayOver(today, 10)
      const next = new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10)
      expect([dueOn(day, 10) < today, dueOn(next, 10) < today]).toEqual([true, false])
    }
  })
  test('every day of the list is a day off that the week would not give, and this year and the next have one', () => {
    for (const day of calendar.holidays) expect([day, isWorkingDay(day, { ...calendar, holidays: [] })]).toEqual([day, true])
    expect(new Set(calendar.holidays.map((day) => day.slice(0, 4)))).toEqual(new Set(['2026', '2027']))
  })
})

test('a level follows from evidence, and from nothing less than all of it', () => {
  const { proofing } = deskRules
  for (const [who, wanted] of [[aPerson(), proofing.level2], [aForeigner(), proofing.foreigner.level2]] as const) {
    expect(levelProven(evidenceKinds, who)).toBe(2)
    for (const kind of wanted) expect(levelProven(evidenceKinds.filter((one) => one !== kind), who)).toBe(1)
  }
  const ward = { kind: 'citizen', represented: true } as const
  const shown = ['card-seen', 'face-compared', 'representative-seen', 'representative-passkey'] as const
  expect([levelProven(shown, ward), levelProven(shown, { kind: 'citizen' }), levelProven(proofing.level2, ward)]).toEqual([2, 1, 1])
  for (const kind of shown) expect(levelProven(shown.filter((one) => one !== kind), ward)).toBe(1)
  expect([seenOf(ward, { biometricsMissing: false }), seenOf({ kind: 'foreigner', represented: true }, { biometricsMissing: true })]).toEqual([['card-seen', 'face-compared', 'representative-seen'], ['passport-seen', 'biometrics-taken', 'face-compared', 'representative-seen']])
  const [there, missing] = [{ biometricsMissing: false }, { biometricsMissing: true }]
  expect([seenOf(aPerson(), there), seenOf(aForeigner(), there), seenOf(aForeigner(), missing)]).toEqual([['card-seen', 'face-compared'], ['passport-seen', 'face-compared'], ['passport-seen', 'biometrics-taken', 'face-compared']])
})

describe('a shift', () => {
  const day = post.parse({ desk: 'Quầy 1', commune: 'phường Bến Thành', from: '07:30', until: '17:00', days: 5 })
  test.each([
    ['2026-11-26T00:29:59Z', false], ['2026-11-26T00:30:00Z', true], ['2026-11-26T09:59:59Z', true], ['2026-11-26T10:00:00Z', false],
    ['2026-11-28T03:00:00Z', false], ['2026-11-29T17:30:00Z', false], ['2026-11-30T00:30:00Z', true],
  ])('at %s: %s', (at, on) => {
    expect(onShift(day, new Date(at))).toBe(on)
  })
  test('does not end before it began', () => {
    expect(post.safeParse({ ...day, from: '17:00', until: '07:30' }).success).toBe(false)
  })
  test('and the night are told by the clock of Viet Nam', () => {
    expect(['2026-11-26T12:59:00Z', '2026-11-26T13:00:00Z', '2026-11-26T22:59:00Z', '2026-11-26T23:00:00Z'].map((at) => isNight(new Date(at), deskRules.night))).toEqual([false, true, true, false])
  })
  test('is part of the role that works at a desk, and of no other', () => {
    const now = new Date('2026-11-26T03:00:00Z')
    expect(roleFault({ role: 'enrolment-officer', ends_on: '2026-12-01' }, now)).toBe('post-missing')
    expect(roleFault({ role: 'auditor', ends_on: '2026-12-01', post: day }, now)).toBe('post-not-for-role')
    expect(roleFault({ role: 'enrolment-officer', ends_on: '2026-12-01', post: day }, now)).toBeUndefined()
  })
  test('decides whether there is a desk; without a post there is none', () => {
    const now = new Date('2026-11-26T03:00:00Z')
    const { id: account } = anAccount()
    const grant: RoleGrant = { id: 'g', account, role: 'enrolment-officer', post: day, since: now, endsOn: '2026-12-01' }
    expect(dutyOf({ account, roles: [grant] }, now)).toMatchObject({ is: 'on', station: { desk: 'Quầy 1', grant: 'g' } })
    expect(dutyOf({ account, roles: [grant] }, new Date('2026-11-26T12:00:00Z'))).toEqual({ is: 'off', posts: [day] })
    expect(dutyOf({ account, roles: [{ ...grant, post: undefined }] }, now)).toEqual({ is: 'off', posts: [] })
    expect(dutyOf({ account, roles: [{ ...grant, role: 'auditor' }] }, now)).toEqual({ is: 'off', posts: [] })
  })
})

test.each([
  ['Cục Quản lý xuất nhập cảnh', true], ['Phòng Quản lý xuất nhập cảnh, Công an thành phố Hà Nội', true], ['PHÒNG QUẢN LÝ XUẤT NHẬP CẢNH', true],
  ['phường Bến Thành', false], ['phường Quản lý xuất nhập cảnh', false], ['xã Cục', false],
])('a desk at %s is one of the immigration authority: %s', (commune, is) => {
  expect([isImmigration({ commune }), isImmigration({ commune: commune.normalize('NFD') })]).toEqual([is, is])
})

describe('whom a desk serves (Decree 69/2024 Art 7, 10.2)', () => {
  const today = '2026-11-26'
  const account = anAccount()
  const facts = { person: aPerson(), account: undefined, keys: false, office: false, representatives: 0, purpose: 'level-2', immigration: false, today } as const
  const child = aPerson({ birthDate: '2014-01-01' })
  const locked = (ground: 'holder-request' | 'competent-body') => anAccount({ locks: [{ ground, since: new Date() }] })
  test.each([
    ['somebody with a card', {}, undefined],
    ['nobody', { person: undefined }, 'unknown'],
    ['the dead', { person: aPerson({ life: { status: 'deceased', on: today } }) }, 'not-alive'],
    ['a foreigner, at a commune', { person: aForeigner() }, 'not-citizen'],
    ['a foreigner, at the immigration authority', { person: aForeigner(), immigration: true }, undefined],
    ['a foreigner whose passport has ended', { person: aForeigner({ passport: aPassport({ expiresOn: '2026-11-25' }) }), immigration: true }, 'no-valid-card'],
    ['a citizen, at the immigration authority', { immigration: true }, 'not-foreigner'],
    ['somebody of undetermined nationality', { person: aPerson({ kind: 'undetermined-nationality', card: { kind: 'identity-certificate', issuedOn: '2024-08-01', issuedAt: 'Bộ Công an' } }) }, 'not-entitled'],
    ['a child whom nobody stands for', { person: child }, 'no-representative'],
    ['a child with a representative', { person: child, representatives: 1 }, undefined],
    ['a child with a representative, and an account of level 1', { person: child, representatives: 2, account }, undefined],
    ['a child at level 2, which has no key', { person: child, representatives: 1, account: anAccount({ level: 2 }) }, 'already'],
    ['a child, for a lost phone', { person: child, representatives: 1, purpose: 'recovery' }, 'represented'],
    ['a child with a card of before', { person: aPerson({ birthDate: '2014-01-01', card: { kind: 'cccd', issuedOn: '2024-01-01', issuedAt: 'Bộ Công an' } }), representatives: 1 }, 'not-entitled'],
    ['a child on the day before it is six', { person: aPerson({ birthDate: '2020-11-27' }), representatives: 1 }, 'not-entitled'],
    ['a child on the day that it is six', { person: aPerson({ birthDate: '2020-11-26' }), representatives: 1 }, undefined],
    ['somebody on the day before they are fourteen', { person: aPerson({ birthDate: '2012-11-27' }) }, 'no-representative'],
    ['somebody on the day that they are fourteen, whose account a representative has brought to level 2', { person: aPerson({ birthDate: '2012-11-26' }), account: anAccount({ level: 2 }) }, undefined],
    ['somebody whose card has ended', { person: aPerson({ card: { kind: 'can-cuoc', issuedOn: '2016-01-01', issuedAt: 'Bộ Công an', expiresOn: '2026-11-25' } }) }, 'no-valid-card'],
    ['somebody who lost the phone of no account', { purpose: 'recovery' }, 'no-account'],
    ['somebody at level 1', { account, keys: true }, undefined],
    ['somebody at level 2 with a key', { account: anAccount({ level: 2 }), keys: true }, 'already'],
    ['somebody at level 2 without a key', { account: anAccount({ level: 2 }), keys: false }, undefined],
    ['somebody held after a recovery', { account: anAccount({ level: 2, heldUntil: new Date() }), keys: true }, 'held'],
    ['somebody held after a recovery, for a lost phone', { account: anAccount({ level: 2, heldUntil: new Date() }), keys: true, purpose: 'recovery' }, undefined],
    ['somebody in office, for a lost phone', { account, keys: true, office: true, purpose: 'recovery' }, 'office'],
    ['somebody in office with a key', { account, keys: true, office: true }, undefined],
    ['somebody in office without one', { account, keys: false, office: true }, 'office'],
    ['somebody under guardianship whom nobody stands for', { person: aPerson({ guardianship: { ground: 'capacity-lost', since: '2026-01-01' } }) }, 'no-representative'],
    ['somebody under guardianship with a guardian, whose own keys of before end with the rise', { person: aPerson({ guardianship: { ground: 'capacity-lost', since: '2026-01-01' } }), keys: true, account, representatives: 1 }, undefined],
    ['somebody who locked it themself, for level 2', { account: locked('holder-request'), keys: true }, 'locked'],
    ['somebody who locked it themself, for a lost phone', { account: locked('holder-request'), purpose: 'recovery' }, undefined],
    ['somebody locked by others, for a lost phone', { account: locked('competent-body'), purpose: 'recovery' }, 'locked'],
  ] as const)('%s: %j is %s', (_who, changes, fault) => {
    expect(deskFault({ ...facts, ...changes })).toBe(fault)
  })
})

test('A04: a family is known from either side, and a household too', () => {
  const [one, other] = [aPerson({ number: personalNumber.parse('079303001234') }), aPerson({ number: personalNumber.parse('079303001235') })]
  expect(areRelated(one, other)).toBe(false)
  expect(areRelated({ ...one, relations: [{ kind: 'spouse', name: 'x', number: other.number }] }, other)).toBe(true)
  expect(areRelated(one, { ...other, household: [{ name: 'x', number: one.number }] })).toBe(true)
})
