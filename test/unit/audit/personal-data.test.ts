import { expect, test } from 'vitest'
import { Problem } from '#kernel/problem.ts'
import { mustNameNobody, namesSomebody } from '#domain/audit/personal-data.ts'

test.each([
  '079203001234', 'x079203001234', 'số 079 203 001 234', '079.203.001.234', '079-203-001-234', '0792 0300 1234', '079/203/001/234', '０７９２０３００１２３４', '٠٧٩٢٠٣٠٠١٢٣٤',
  '079\u200b203\u200b001\u200b234', '5 079 203 001 234', '(079) 203-001-234', '079\u00a0203\u00a0001\u00a0234', '0912345678', '091 234 5678', '0912.345.678', '+84 912 345 678', '84912345678', '0084-912-345-678',
  '028 3829 5678 1', '02838295678', 'an@example.com', 'an @ example.com', 'an＠example.com', 'an (at) example.com', 'HS-0912345678', '①②⓪②⓪③⓪⓪①②③④',
])('L04: %s names somebody', (text) => {
  expect(namesSomebody(text)).toBe(true)
})

test.each([
  '', 'Theo đơn số 12/2026/HS-TA', '000.00.19.H29-261104-0001', '000.00.19.H01-301104-0001', 'Nghị định 69/2024/NĐ-CP, Điều 15', 'từ 08:30 ngày 03-12-2026 08:30 đến 17:30', 'INC-2026-000123',
  'ngày 03.12.2026 0830', 'các mục 03, 05, 07, 09, 11', 'phiên bản 2.10.3', 'xong @ 17h', '1.090.012.345 đồng', 'the case of 2026-11-26T08:30:00Z', 'redirect URI https://portal.example.vn/cb',
])('%j names nobody', (text) => {
  expect(namesSomebody(text)).toBe(false)
})

test('L04: only a reason is looked at, and one that names somebody ends the request', () => {
  for (const sent of [undefined, 'x', null, {}, { number: '079203001234' }, { reason: 'vì cần' }, { reason: 3 }]) expect(() => mustNameNobody(sent)).not.toThrow()
  for (const name of ['reason', 'why']) expect(() => mustNameNobody({ [name]: 'gọi 0912 345 678' })).toThrow(new Problem('reason.personal'))
})
