import { organisation } from './organisation.ts'
import type { LockGround, Paper } from '#domain/account/ground.ts'
import type { Office } from '#domain/notice/office.ts'
import type { Occasion } from '#domain/notice/occasion.ts'
import type { Channel } from '#domain/notice/store.ts'

type Said = { at: string; what: string; reference: string }

const asks: Record<Office, string> = { commune: 'Công an xã, phường', immigration: 'cơ quan quản lý xuất nhập cảnh' }

/** What the holder of an account is told, and the page where they find it again. Plain text, no link (`mail.ts`). */
export const notices = {
  link: 'Thông báo đã gửi',
  title: 'Thông báo',
  lead: 'Mỗi khi tài khoản của bạn có thay đổi, chúng tôi báo cho bạn. Chúng tôi không bao giờ gửi liên kết.',
  check: {
    title: 'Kiểm tra một thông báo',
    label: 'Mã tham chiếu',
    hint: '9 chữ và số trong thông báo bạn nhận được. Ví dụ: 7F3-K29-QDT',
    button: 'Kiểm tra',
    missing: 'Hãy nhập mã tham chiếu.',
    ours: 'Đúng là thông báo của chúng tôi.',
    notOurs: 'Đây không phải thông báo của chúng tôi gửi cho bạn. Đừng làm theo nó, đừng bấm liên kết trong đó.',
    slip: 'Mã này không đúng. Hãy xem lại từng chữ. Nếu bạn đã chép đúng thì đó không phải thông báo của chúng tôi.',
  },
  listTitle: 'Đã gửi cho bạn',
  none: 'Chưa có thông báo nào.',
  reference: 'Mã tham chiếu',
  channels: { email: 'Email', sms: 'Tin nhắn' } satisfies Record<Channel, string>,
  sent: (channel: string, time: string) => `${channel}: đã gửi ${time}`,
  unsent: (channel: string) => `${channel}: chưa gửi được`,
  hereOnly: 'Chỉ có ở trang này: tài khoản chưa có email hay số điện thoại.',
  language: {
    title: 'Ngôn ngữ của thông báo',
    legend: 'Gửi thông báo cho tôi bằng',
    both: 'Tiếng Việt và tiếng Anh',
    vi: 'Tiếng Việt',
    en: 'Tiếng Anh (English)',
    button: 'Lưu',
    saved: 'Đã lưu.',
  },
  occasions: {
    ...organisation.occasions,
    'account-opened': { subject: 'Tài khoản định danh điện tử của bạn đã mở', text: 'Một tài khoản định danh điện tử đã được mở bằng số định danh của bạn. Hãy giữ thông báo này: mã tham chiếu giúp bạn khóa tài khoản khi mất điện thoại.' },
    'account-activated': { subject: 'Tài khoản của bạn đã được kích hoạt', text: 'Tài khoản định danh điện tử của bạn đã được kích hoạt.' },
    'account-raised': { subject: 'Tài khoản của bạn đã lên mức 2', text: 'Cán bộ đã nâng tài khoản định danh điện tử của bạn lên mức 2.' },
    'account-locked': { subject: 'Tài khoản của bạn đã bị khóa', text: 'Tài khoản định danh điện tử của bạn đã bị khóa. Không ai đăng nhập được, và bạn đã đăng xuất mọi nơi.' },
    'account-unlocked': { subject: 'Tài khoản của bạn đã được mở khóa', text: 'Một lý do khóa tài khoản định danh điện tử của bạn đã hết.' },
    'ward-raised': { subject: 'Tài khoản của người bạn đại diện đã lên mức 2', text: 'Tại quầy, cán bộ đã nâng tài khoản của một người bạn đại diện lên mức 2. Việc này được xác nhận bằng khóa truy cập của bạn.' },
    'passkey-added': { subject: 'Một khóa mới đã được thêm vào tài khoản của bạn', text: 'Một khóa mới đã được thêm vào tài khoản định danh điện tử của bạn. Khóa này đăng nhập được như các khóa khác.' },
    'passkey-removed': { subject: 'Một khóa đã bị xóa khỏi tài khoản của bạn', text: 'Một khóa đã bị xóa khỏi tài khoản định danh điện tử của bạn. Khóa đó không đăng nhập được nữa.' },
    'codes-printed': { subject: 'Mã khôi phục mới đã được tạo', text: 'Một bộ mã khôi phục mới đã được tạo cho tài khoản định danh điện tử của bạn. Các mã cũ không dùng được nữa.' },
    'code-used': { subject: 'Một mã khôi phục của bạn vừa được dùng', text: 'Có người đã dùng một mã khôi phục đã in của bạn để lấy lại tài khoản.' },
    recovered: { subject: 'Tài khoản của bạn vừa được lấy lại bằng mã khôi phục', text: 'Có người đã dùng mã khôi phục để tạo khóa mới cho tài khoản định danh điện tử của bạn.' },
    'recovery-cancelled': { subject: 'Việc lấy lại tài khoản của bạn đã bị hủy', text: 'Việc lấy lại tài khoản bằng mã khôi phục đã bị hủy. Khóa vừa tạo đã bị xóa, các mã khôi phục không dùng được nữa, và bạn đã đăng xuất mọi nơi.' },
    'contact-changed': { subject: 'Nơi nhận thông báo của bạn đã thay đổi', text: 'Email hoặc số điện thoại nhận thông báo của tài khoản định danh điện tử đã thay đổi. Thông báo này được gửi cả đến nơi cũ. Trong 72 giờ, báo mất thiết bị thì nơi cũ được dùng lại.' },
    'contact-restored': { subject: 'Nơi nhận thông báo cũ của bạn đã được khôi phục', text: 'Vì có báo không phải chủ tài khoản đã đổi, nơi nhận thông báo mới đã bị gỡ và nơi cũ được dùng lại.' },
    'opening-asked': { subject: 'Có người muốn mở lại tài khoản bạn đã báo mất', text: 'Có người đã dùng khóa truy cập của bạn để yêu cầu mở lại tài khoản đã khóa vì mất thiết bị. Tài khoản vẫn đang khóa.' },
    'paper-ending': { subject: 'Giấy tờ của bạn sắp hết hạn', text: 'Giấy tờ mà tài khoản định danh điện tử của bạn dựa vào sắp hết hạn. Hết hạn thì tài khoản bị khóa và tự mở lại khi cơ sở dữ liệu có giấy tờ mới.' },
    'contact-removed': { subject: 'Một nơi nhận thông báo đã bị gỡ khỏi tài khoản', text: 'Tại quầy, chủ tài khoản cho biết không còn dùng một email hoặc số điện thoại. Nơi đó đã bị gỡ khỏi tài khoản định danh điện tử và không nhận thông báo nào nữa. Thông báo này được gửi cả đến nơi đó.' },
  } satisfies Record<Occasion['of'], { subject: string; text: string }>,
  because: (ground: string) => `Lý do: ${ground}.`,
  opens: (at: string) => `Từ ${at}, khóa truy cập đó mở được tài khoản. Trước lúc đó bạn có thể báo mất lại để giữ tài khoản khóa.`,
  byCode: 'Người báo đã nhập một mã khôi phục bạn đã in. Nếu không phải bạn, tờ giấy đang ở trong tay người khác: mở lại tài khoản xong, hãy in mã mới.',
  aside: 'Vì thiết bị đã được báo mất, các khóa cũ không đăng nhập được nữa.',
  waits: (until: string) => `Tài khoản vẫn đang khóa. Từ ${until}, khóa mới mở được tài khoản, nếu trước lúc đó không ai hủy. Còn một khóa cũ trong tay? Đăng nhập bằng khóa đó rồi chọn “Không phải tôi, hủy việc này”.`,
  held: (until: string) => `Đến ${until}, tài khoản chỉ dùng được như mức 1 và khóa mới chưa thay đổi được khóa khác. Trước lúc đó bạn hủy được việc này.`,
  ends: (paper: string, on: string) => `Ngày cuối của ${paper}: ${on}.`,
  papers: { card: 'thẻ căn cước', passport: 'hộ chiếu', 'residence-card': 'thẻ thường trú hoặc thẻ tạm trú' } satisfies Record<Paper, string>,
  grounds: {
    'holder-request': 'chủ tài khoản yêu cầu',
    'terms-breach': 'vi phạm điều khoản sử dụng',
    'card-held-or-revoked': 'thẻ căn cước bị thu hồi hoặc bị giữ',
    'card-expired': 'thẻ căn cước hết hạn',
    'passport-expired': 'hộ chiếu hết hạn',
    'residence-expired': 'thẻ cư trú hết hạn',
    'competent-body': 'cơ quan có thẩm quyền yêu cầu',
    'phone-claimed-by-owner': 'số điện thoại thuộc về người khác',
  } satisfies Record<LockGround, string>,
  mail: {
    text: ({ at, what, todo, reference }: Said & { todo: string }) => `Lúc ${at}: ${what}

${todo}

Mã tham chiếu: ${reference}
Bạn xem lại thông báo này và kiểm tra mã ở mục Thông báo đã gửi trong Định danh của tôi.

Chúng tôi không bao giờ gửi liên kết. Không đọc mã này cho người gọi điện, kể cả người tự nhận là cán bộ.

Định danh điện tử`,
    notYou: (cancels: boolean) => `Nếu đó là bạn: bạn không cần làm gì.
Nếu không phải bạn: hãy tự mở trang Định danh điện tử, chọn Mất thiết bị, nhập số định danh, ngày sinh và mã tham chiếu dưới đây. Tài khoản được khóa trong vài giây${cancels ? ', khóa vừa tạo bị xóa' : ''}. Còn khóa cũ? Bạn mở lại bằng khóa đó khi thấy an toàn.`,
    ask: {
      commune: 'Bạn có câu hỏi? Hãy mang thẻ căn cước đến Công an xã, phường bất kỳ và đọc mã tham chiếu dưới đây.',
      immigration: 'Bạn có câu hỏi? Hãy mang hộ chiếu đến cơ quan quản lý xuất nhập cảnh và đọc mã tham chiếu dưới đây.',
    } satisfies Record<Office, string>,
  },
  sms: {
    plain: ({ at, what, reference }: Said, office: Office) => `Định danh điện tử, ${at}: ${what}. Hỏi tại ${asks[office]}. Mã ${reference}.`,
    notYou: ({ at, what, reference }: Said) => `Định danh điện tử, ${at}: ${what}. Không phải bạn? Tự mở trang Định danh điện tử, chọn Mất thiết bị, nhập mã ${reference}.`,
  },
}
