import { describe, expect, test } from 'vitest'
import { passkeyId } from '#kernel/id.ts'
import type { Evidence } from '#domain/assurance/evidence.ts'
import { justNow, staffJustNow, suffices, type Floor } from '#domain/assurance/floor.ts'
import { withHardwareKeys } from '#domain/assurance/rules.ts'

const now = 1_800_000_000
const shown = ({ old = 0, ...what }: Partial<Evidence> & { old?: number } = {}): Evidence =>
  ({ means: 'passkey', passkey: passkeyId.parse('key'), userVerified: true, backupEligible: false, hardwareBound: true, at: now - old, ...what })

describe('P14: a sign-in suffices for a page', () => {
  test.each<[string, Floor, Evidence, boolean]>([
    ['of staff: a hardware key, verified, now', staffJustNow, shown(), true],
    ['of staff: five minutes old', staffJustNow, shown({ old: 300 }), true],
    ['of staff: a second older', staffJustNow, shown({ old: 301 }), false],
    ['of staff: a key that may be copied', staffJustNow, shown({ hardwareBound: false, backupEligible: true }), false],
    ['of staff: a key of which nobody has shown where it lives', staffJustNow, shown({ hardwareBound: false }), false],
    ['of staff: a hardware key that verified nobody', staffJustNow, shown({ userVerified: false }), false],
    ['of one\'s own: any key, five minutes old', justNow, shown({ old: 300, hardwareBound: false }), true],
    ['of one\'s own: older', justNow, shown({ old: 301 }), false],
    ['of one\'s own: nobody verified', justNow, shown({ userVerified: false }), false],
    ['to read, however old', { level: 2 }, shown({ old: 40_000, hardwareBound: false }), true],
    ['that nobody reaches', { level: 3 }, shown(), false],
  ])('%s: %#', (_name, floor, evidence, enough) => {
    expect(suffices(evidence, floor, now)).toBe(enough)
  })
})

test('W07: hardware can be shown where somebody vouches for it, and there alone', () => {
  expect(withHardwareKeys({ level: 2, resistances: ['phr'] }, [])).toEqual({ level: 2, resistances: ['phr'] })
  expect(withHardwareKeys({ level: 2, resistances: ['phr'] }, ['an anchor'])).toEqual({ level: 2, resistances: ['phr', 'phrh'] })
})
