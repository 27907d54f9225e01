import { place, type Reader } from './in-person.ts'

/** Acting for a child or a ward: at the door, on the consent page and in "my e-ID". */
export const acting = {
  title: 'Bạn làm việc này cho ai?',
  lead: (service: string) => `${service} cho phép bạn làm thay người bạn đại diện.`,
  self: 'Cho chính tôi:',
  instead: 'Thay cho',
  ties: { parent: 'con dưới 14 tuổi', guardian: 'người được giám hộ' },
  caution: 'Mỗi lần làm thay đều được ghi lại. Khi làm thay, bạn sẽ đăng xuất khỏi các dịch vụ đang mở bằng tên của mình trên máy này.',
  /** Beside the name: whose data this is about. */
  actingFor: 'Bạn đang làm thay cho',
  actingForLead: 'Thông tin dưới đây là của người này.',
  /** What a representative agreed to in the person's own name. */
  agreed: {
    title: 'Người đại diện đã đồng ý thay bạn',
    lead: 'Lời đồng ý này chỉ dành cho lần người đại diện làm thay. Khi tự đăng nhập, bạn được hỏi lại.',
    at: 'Lúc',
    service: 'Dịch vụ',
    by: 'Người đồng ý thay',
    nameless: 'Người không còn trong dữ liệu',
  },
  wards: {
    link: 'Người tôi đại diện',
    title: 'Người bạn đại diện',
    lead: 'Đây là con dưới 14 tuổi và người bạn giám hộ, theo Cơ sở dữ liệu quốc gia về dân cư.',
    none: 'Bạn chưa đại diện cho ai.',
    noneHint: (reader: Reader) => `Danh sách này lấy từ Cơ sở dữ liệu quốc gia về dân cư. Để làm thay, tài khoản của bạn phải ở mức 2. Nếu thông tin chưa đúng, hãy đến ${place[reader]}.`,
    number: 'Số định danh cá nhân',
    tie: 'Quan hệ',
    account: 'Tài khoản',
    has: (level: number) => `Đã có, mức ${level}. Khi đăng nhập vào dịch vụ cho phép làm thay, bạn chọn tên người này.`,
    hasNot: 'Chưa có.',
    cannot: 'Chưa mở được: người này cần có thẻ căn cước hoặc thẻ cư trú còn hạn.',
    open: (name: string) => `Mở tài khoản mức 1 cho ${name}`,
    raise: 'Muốn lên mức 2 (từ đủ 6 tuổi): cùng người đó đến quầy, mang thẻ căn cước của cả hai và điện thoại có khóa của bạn.',
    ends: 'Việc đại diện tự kết thúc khi con đủ 14 tuổi hoặc khi tòa án chấm dứt việc giám hộ.',
  },
}
