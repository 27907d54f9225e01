import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { detailFault, digestOf, readDetails, stillStands } from '#domain/consent/details.ts'
import { inDetail } from '#web/interaction/detail-words.ts'

const payment = {
  type: 'vn_payment_confirmation', instructedAmount: { currency: 'VND', amount: '999999999999999.99' },
  creditorName: 'NGUYỄN THỊ ÁNH NGUYỆT', creditorAccount: { number: '0123456789', bank: 'Ngân hàng Thử' }, remittanceInformation: 'Tiền nhà',
} as const

describe('an authorization detail', () => {
  test('is read as it stands, whatever is thrown at it: a fault is a sentence and never an exception', () => {
    fc.assert(fc.property(fc.anything({ maxDepth: 4 }), (value) => {
      const fault = detailFault(value)
      expect(fault === undefined || fault.length > 0).toBe(true)
    }))
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 140 }), (creditorName) => {
      const fault = detailFault({ ...payment, creditorName })
      const plain = creditorName.trim() === creditorName && creditorName !== '' && creditorName.normalize('NFC') === creditorName && !/[\p{C}\p{Zl}\p{Zp}]/u.test(creditorName)
      expect(fault === undefined).toBe(plain)
    }))
  })

  test('shows an amount digit by digit, in both languages, and rounds nothing', () => {
    const [detail] = readDetails(JSON.stringify([payment]))
    if (detail === undefined) throw new Error('a detail')
    expect(inDetail(detail, 'vi').rows[0]?.value.replaceAll('\u00a0', ' ')).toBe('999.999.999.999.999,99 ₫')
    expect(inDetail(detail, 'en').rows[0]?.value).toBe('₫999,999,999,999,999.99')
    expect(inDetail(detail, 'vi').rows.map(({ value }) => value)).toContain('0123456789 – Ngân hàng Thử')
  })

  test('has a fingerprint that any change changes', () => {
    const [one] = readDetails(JSON.stringify([payment]))
    const [other] = readDetails(JSON.stringify([{ ...payment, creditorAccount: { number: '0123456780', bank: 'Ngân hàng Thử' } }]))
    if (one === undefined || other === undefined) throw new Error('details')
    expect(digestOf(one)).not.toBe(digestOf(other))
  })

  test('counts once, unless it says until when, and never past that day', () => {
    const today = '2026-11-26'
    const until = (day: string) => ({ type: 'vn_document_access', until: day })
    expect([stillStands(payment, { today, refreshed: false }), stillStands(payment, { today, refreshed: true })]).toEqual([true, false])
    expect([stillStands(until(today), { today, refreshed: true }), stillStands(until('2026-11-25'), { today, refreshed: false })]).toEqual([true, false])
  })
})
