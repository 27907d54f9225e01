import type { Purpose } from '#domain/desk/rules.ts'
import type { Office } from '#domain/notice/office.ts'
import { authority } from './desk.ts'

type Acting = { officer: string; desk: string; commune: string; office: Office }

/** What the person sees on their phone (`/m2`). */
export const level2 = {
  title: 'Nhập mã của cán bộ',
  lead: 'Mã có 8 chữ số, trên màn hình của cán bộ tại quầy.',
  code: 'Mã xác nhận',
  codeHint: 'Như 4821 7706. Chỉ nhập mã khi bạn đang đứng tại quầy.',
  codeFaults: { missing: 'Hãy nhập mã.', wrong: 'Mã này không dùng được: sai, đã hết hạn hoặc đã dùng. Hãy nhìn lại màn hình của cán bộ hoặc xin mã mới.' },
  /** Where too many wrong codes came from the same network, of which this person may have typed none. */
  owner: 'Số định danh cá nhân của bạn',
  ownerHint: 'Mạng này vừa có nhiều mã sai, có thể của người khác. Vì vậy hãy nhập thêm số trên thẻ căn cước của bạn.',
  ownerFault: 'Hãy nhập đủ 12 chữ số trên thẻ.',
  bringTitle: 'Cần mang theo',
  bring: ['Thẻ căn cước của bạn.', 'Điện thoại này, đã đặt khóa màn hình.', 'Nâng mức cho người bạn đại diện: thẻ căn cước của cả hai người, và điện thoại có khóa của bạn.'],
  compareTitle: 'So số trên hai màn hình',
  nameless: 'Cán bộ',
  acts: {
    'level-2': ({ officer, desk: place, commune, office }: Acting) => `${officer}, ${place}, ${authority(office, commune)} đang nâng tài khoản của bạn lên mức 2.`,
    recovery: ({ officer, desk: place, commune, office }: Acting) => `${officer}, ${place}, ${authority(office, commune)} đang giúp bạn lấy lại tài khoản. Các khóa cũ sẽ không dùng được nữa.`,
  } satisfies Record<Purpose, (acting: Acting) => string>,
  actsFor: ({ officer, desk: place, commune, office }: Acting) => `${officer}, ${place}, ${authority(office, commune)} đang nâng tài khoản của người bạn đại diện lên mức 2.`,
  account: 'Tài khoản của',
  number: 'Số trên màn hình cán bộ phải là',
  waiting: 'Hãy đưa điện thoại cho cán bộ xem số này. Trang tự chuyển tiếp.',
  makes: 'Khi bạn bấm tiếp tục, điện thoại tạo khóa truy cập cho tài khoản: dùng vân tay, khuôn mặt hoặc mã mở màn hình.',
  signs: 'Khi bạn bấm tiếp tục, điện thoại hỏi khóa truy cập của bạn: dùng vân tay, khuôn mặt hoặc mã mở màn hình.',
  yes: 'Đúng, tiếp tục',
  no: 'Không đúng',
  ends: {
    done: { title: 'Hoàn tất. Bạn đã ở mức 2', text: 'Có hiệu lực ngay. Từ nay bạn đăng nhập bằng khóa truy cập trên điện thoại này.' },
    doneFor: { title: 'Hoàn tất. Người bạn đại diện đã ở mức 2', text: 'Có hiệu lực ngay. Ở dịch vụ cho phép làm thay, bạn đăng nhập bằng khóa của chính mình và chọn tên người này.' },
    denied: { title: 'Mã đã bị hủy', text: 'Số không khớp nên không có gì thay đổi. Hãy nói với cán bộ ngay.' },
    refused: { title: 'Hồ sơ không được chấp nhận', text: 'Không có gì thay đổi. Cán bộ sẽ nói lý do và in biên nhận cho bạn.' },
    over: { title: 'Mã không dùng được nữa', text: 'Không có gì thay đổi. Hãy xin cán bộ mã mới.' },
    closed: { title: 'Chưa nâng mức được', text: 'Tài khoản hoặc dữ liệu của bạn vừa thay đổi. Không có gì được lưu. Hãy hỏi cán bộ.' },
    toAccount: 'Mở Định danh của tôi',
    again: 'Nhập mã khác',
  },
}
