import { expect, test } from 'vitest'
import { tellable, verificationOf, type Told } from '#domain/consent/verification.ts'
import { verificationInWords } from '#web/interaction/verification-words.ts'
import type { Language } from '#web/i18n/language.ts'
import { aForeigner, aPerson } from '#test/support/made-up.ts'

const verification = verificationOf({
  person: aPerson(), contacts: [], level: 2, openedAt: new Date('2026-11-22T05:06:07Z'), today: '2026-11-23',
  inPerson: { at: new Date('2026-11-23T04:00:00Z'), kinds: ['card-seen', 'face-compared', 'chip-verified', 'passkey'] },
}, { numbers: false })
const said = (extent: readonly Told[], language: Language = 'vi', of = verification) => verificationInWords({ verification: of, extent, language })

const foreign = verificationOf({
  person: aForeigner(), contacts: [], level: 2, openedAt: new Date('2026-11-22T05:06:07Z'), today: '2026-11-23',
  inPerson: { at: new Date('2026-11-23T04:00:00Z'), kinds: ['passport-seen', 'face-compared', 'passkey'] },
}, { numbers: false })
const ofDocument = tellable.filter((path) => path.startsWith('document.'))

test('everything that is told of a verification is in words, the days as they are sent', () => {
  expect(said(tellable)).toEqual([
    'Theo quy định về định danh điện tử của Việt Nam', 'Tài khoản mức 2', 'Ngày xác minh: 23/11/2026',
    'Nguồn: bản ghi điện tử, dữ liệu dân cư, Cơ sở dữ liệu quốc gia về dân cư, Việt Nam', 'Dữ liệu được cập nhật ngày 02/01/2026',
    'Đã kiểm tra: đối chiếu thông tin, do Định Danh thực hiện, ngày 22/11/2026',
    'Đã kiểm tra: cán bộ xem thẻ căn cước, do Công an xã, phường thực hiện, ngày 23/11/2026',
    'Đã kiểm tra: cán bộ so khuôn mặt trực tiếp, do Công an xã, phường thực hiện, ngày 23/11/2026',
    'Đã kiểm tra: kiểm tra chip của thẻ, do Công an xã, phường thực hiện, ngày 23/11/2026',
  ])
  expect(said(tellable, 'en')).toEqual([
    'Under Viet Nam’s rules for electronic identity', 'Account level 2', 'Verified on: 23/11/2026',
    'Source: electronic record, population register, National Population Database, Viet Nam', 'Record last checked on 02/01/2026',
    'Checked: details compared, by Định Danh, on 22/11/2026',
    'Checked: identity card seen by an officer, by Công an xã, phường, on 23/11/2026',
    'Checked: face compared by an officer, in person, by Công an xã, phường, on 23/11/2026',
    'Checked: chip of the card verified, by Công an xã, phường, on 23/11/2026',
  ])
})

test('what is not told is not said, and each part that is told is', () => {
  expect(said(['trust_framework'])).toEqual(['Theo quy định về định danh điện tử của Việt Nam'])
  expect(said(['trust_framework', 'evidence.type', 'evidence.check_details.check_method']).slice(1))
    .toEqual(['Nguồn: bản ghi điện tử', 'Đã kiểm tra: đối chiếu thông tin', 'Đã kiểm tra: cán bộ xem thẻ căn cước', 'Đã kiểm tra: cán bộ so khuôn mặt trực tiếp', 'Đã kiểm tra: kiểm tra chip của thẻ'])
  const all = said(tellable).join()
  for (const path of tellable.filter((one) => !ofDocument.includes(one) && !['evidence.type', 'evidence.check_details.check_method'].includes(one))) {
    expect([path, said(tellable.filter((one) => one !== path)).join() === all]).toEqual([path, false])
  }
})

test('a day that is not on record is said to be none', () => {
  const { time: _none, ...undated } = verification
  expect(verificationInWords({ verification: undated, extent: ['time'], language: 'vi' })).toEqual(['Ngày xác minh: –'])
})

test('of a foreigner the passport that was seen is said, its number by its name alone, and no card is', () => {
  expect(said(tellable, 'vi', foreign).slice(5)).toEqual([
    'Đã kiểm tra: đối chiếu thông tin, do Định Danh thực hiện, ngày 22/11/2026',
    'Đã kiểm tra: cán bộ xem hộ chiếu, do Cơ quan quản lý xuất nhập cảnh thực hiện, ngày 23/11/2026',
    'Đã kiểm tra: cán bộ so khuôn mặt trực tiếp, do Cơ quan quản lý xuất nhập cảnh thực hiện, ngày 23/11/2026',
    'Bằng chứng: giấy tờ, hộ chiếu, do Hàn Quốc cấp, có giá trị đến ngày 06/05/2030, số hộ chiếu, nếu bạn chia sẻ hộ chiếu',
    'Đã kiểm tra: cán bộ xem hộ chiếu, do Cơ quan quản lý xuất nhập cảnh thực hiện, ngày 23/11/2026',
  ])
  expect(said(ofDocument, 'en', foreign)).toEqual([
    'Evidence: document, passport, issued by South Korea, valid until 06/05/2030, its number, if you share your passport',
    'Checked: passport seen by an officer, by Cơ quan quản lý xuất nhập cảnh, on 23/11/2026',
  ])
  const all = said(ofDocument, 'vi', foreign).join()
  for (const path of ofDocument) expect([path, said(ofDocument.filter((one) => one !== path), 'vi', foreign).join() === all]).toEqual([path, false])
})
