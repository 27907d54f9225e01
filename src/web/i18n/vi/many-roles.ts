import type { OfficerFileFault } from '#domain/officer/file.ts'

const codes: Readonly<Record<string, string>> = {
  'no-account': 'không có tài khoản nào với số này',
  'not-valid': 'trống hoặc không đúng',
  'sector-missing': 'vai trò này cần phạm vi',
  'sector-not-for-role': 'chỉ quản trị ứng dụng mới có phạm vi',
  'post-missing': 'vai trò này cần quầy, xã phường và ca làm việc',
  'post-not-for-role': 'chỉ cán bộ cấp tài khoản mới có quầy và ca',
  'ends-in-the-past': 'ngày này đã qua',
  'ends-too-late': 'vai trò kéo dài nhất là một năm',
  'not-held': 'người này không giữ vai trò như vậy',
  several: 'người này giữ nhiều vai trò như vậy: hãy ghi rõ quầy và xã phường',
}

function file(fault: OfficerFileFault): string {
  switch (fault.code) {
    case 'quote-broken': return 'Có dấu ngoặc kép chưa đóng.'
    case 'empty': return 'Cần dòng tên cột và ít nhất một dòng.'
    case 'too-many': return 'Danh sách quá dài: hãy chia ra.'
    case 'column-unknown': return `Cột ${fault.position}: tên cột không đúng hoặc có hai lần.`
    case 'cells': return `Dòng ${fault.line}: ${fault.count} ô, trong khi dòng đầu có ${fault.expected} ô.`
  }
}

/** Many roles in one proposal (`/quan-tri/can-bo/nhieu`). */
export const manyRoles = {
  title: 'Đề xuất nhiều vai trò',
  link: 'Đề xuất nhiều vai trò cùng lúc',
  lead: (most: string) => `Dán danh sách từ bảng tính, nhiều nhất ${most} dòng. Người thứ hai đọc và ký đúng danh sách này; tất cả có hiệu lực cùng lúc, hoặc không dòng nào.`,
  columns: 'Các cột',
  columnWords: [
    'number: số định danh; role: tên vai trò như enrolment-officer; ends_on: ngày cuối, như 2027-03-31',
    'sector: chỉ cho client-admin',
    'desk, commune, badge, from, until, days: chỉ cho enrolment-officer; giờ như 07:30; days là 5, 6 hoặc 7',
    'end: ghi x để chấm dứt vai trò đang có thay vì trao',
  ],
  list: 'Danh sách',
  listHint: 'Dòng đầu là tên cột. Cột nào không cần thì bỏ trống hoặc không ghi.',
  missing: 'Hãy dán danh sách.',
  faulty: 'Chưa đề xuất gì: hãy sửa những chỗ dưới đây rồi gửi lại.',
  more: (count: string) => `Và ${count} lỗi nữa.`,
  nothingNew: 'Mọi vai trò trong danh sách đều đang có hiệu lực.',
  repeated: 'giống hệt một dòng ở trên',
  at: (line: number, what: string) => `Dòng ${line}, ${what}`,
  codes,
  file,
  submit: 'Gửi đề xuất',
  caption: (count: string) => `Danh sách được ký: ${count} dòng`,
  subject: (gives: string, ends: string) => `trao ${gives}, chấm dứt ${ends}`,
  act: 'Việc',
  gives: 'Trao',
  ends: 'Chấm dứt',
  where: 'Quầy và ca, hoặc phạm vi',
  badge: (badge: string) => `Người dân đọc: ${badge}`,
  atOnce: 'Ngay khi phê duyệt',
}
