import type { ProblemCode } from '#kernel/problem.ts'
import { bring, place } from './in-person.ts'

/** What a page may say beyond the code. Already worded in the page's language: times and counts are text. */
export type Told = { since?: string; wait?: string; left?: string; host?: string }

/** What happened, and what the person can do now. */
export type ProblemText = { title: string; sentence: (told: Told) => string; todo: string }

const again = 'Hãy quay lại dịch vụ và bắt đầu lại.'
const inPerson = `Hãy mang ${bring.either}.`
const ours = 'Lỗi ở phía chúng tôi và đã được ghi nhận.'

const forPrograms = 'Lỗi này dành cho người viết phần mềm: xem tài liệu API.'

const list: Record<ProblemCode, ProblemText> = {
  'account.locked': {
    title: 'Tài khoản đang khóa',
    sentence: ({ since }) => (since === undefined ? 'Tài khoản này đang bị khóa.' : `Tài khoản này bị khóa từ ${since}.`),
    todo: `Chưa ai đăng nhập được, kể cả bạn. ${inPerson}`,
  },
  'account.expired': {
    title: 'Tài khoản đã hết hạn',
    sentence: ({ since }) => `Tài khoản này hết hạn${since === undefined ? '' : ` từ ${since}`} vì giấy tờ đã hết hạn sử dụng.`,
    todo: 'Hãy làm thủ tục cấp đổi giấy tờ, tài khoản sẽ dùng lại được.',
  },
  'account.deceased': {
    title: 'Không đăng nhập được bằng tài khoản này',
    sentence: () => 'Tài khoản này đã ngừng hoạt động theo thông tin trong Cơ sở dữ liệu quốc gia về dân cư.',
    todo: `Nếu thông tin chưa đúng, hoặc bạn là người thân cần giúp đỡ, hãy liên hệ ${place.either}.`,
  },
  'account.represented': {
    title: 'Tài khoản này cần người đại diện',
    sentence: () => 'Theo quy định, chủ tài khoản này không tự đăng nhập: người đại diện hoặc người giám hộ làm thay.',
    todo: `Người đại diện đăng nhập bằng khóa của chính mình rồi chọn làm thay. Nếu chưa có người đại diện hoặc thông tin chưa đúng, hãy đến ${place.either}.`,
  },
  'acting.not-allowed': {
    title: 'Bạn không làm thay được cho người hoặc tổ chức này',
    sentence: () => 'Hiện bạn không có quyền làm việc này, hoặc một trong hai tài khoản chưa dùng được. Chưa có thông tin nào được gửi.',
    todo: `Danh sách người và tổ chức của bạn ở trang Định danh của tôi. Nếu thông tin chưa đúng, hãy đến ${place.either}.`,
  },
  'account.not-activated': {
    title: 'Tài khoản chưa được kích hoạt',
    sentence: () => 'Tài khoản này đã được tạo nhưng chưa kích hoạt.',
    todo: 'Hãy hoàn tất đăng ký lần đầu rồi đăng nhập lại.',
  },
  'account.held': {
    title: 'Chưa thay đổi được khóa và mã',
    sentence: ({ since }) => `Tài khoản vừa được lấy lại bằng mã khôi phục. Đến hết ngày ${since ?? 'thứ ba'}, khóa mới chưa thay đổi được khóa khác và mã khôi phục.`,
    todo: `Việc này giữ an toàn cho bạn, phòng khi người khác dùng mã của bạn. Cần làm ngay? ${inPerson}`,
  },
  'assurance.unreachable': {
    title: 'Dịch vụ này cần mức xác thực cao hơn',
    sentence: () => 'Tài khoản hoặc khóa của bạn chưa đạt mức mà dịch vụ yêu cầu. Thông tin của bạn chưa được gửi.',
    todo: `Muốn nâng tài khoản lên mức 2? ${inPerson}`,
  },
  'interaction.expired': {
    title: 'Trang này không còn dùng được',
    sentence: () => 'Có thể bạn đã đăng nhập xong, đã để trang chờ quá lâu, hoặc mở trang ở trình duyệt khác. Bạn chưa mất gì.',
    todo: again,
  },
  'approval.over': {
    title: 'Yêu cầu này không còn nữa',
    sentence: () => 'Yêu cầu đã được trả lời, hoặc đã hết hạn. Không có gì được gửi thêm.',
    todo: 'Nếu bạn vẫn muốn xác nhận, hãy nhờ dịch vụ gửi lại yêu cầu.',
  },
  'passkey.challenge-spent': {
    title: 'Yêu cầu này đã được dùng',
    sentence: () => 'Mỗi lần đăng nhập cần một yêu cầu mới. Bạn chưa mất gì.',
    todo: 'Hãy quay lại trang đăng nhập và bấm lại.',
  },
  'passkey.not-recognised': {
    title: 'Khóa truy cập không được nhận ra',
    sentence: () => 'Khóa này không thuộc tài khoản nào ở đây.',
    todo: 'Hãy dùng khóa khác, hoặc đăng ký lần đầu.',
  },
  'passkey.removed': {
    title: 'Khóa truy cập đã bị xóa',
    sentence: ({ since }) => `Khóa này đã bị xóa khỏi tài khoản${since === undefined ? '' : ` ngày ${since}`}.`,
    todo: `Hãy dùng khóa khác. Nếu không phải bạn xóa, hãy mang ${bring.either}.`,
  },
  'passkey.counter-stale': {
    title: 'Khóa truy cập này bị tạm chặn',
    sentence: () => 'Khóa có dấu hiệu đã bị sao chép, nên chúng tôi không nhận để bảo vệ bạn.',
    todo: `Hãy dùng khóa khác. ${inPerson}`,
  },
  'passkey.not-verified': {
    title: 'Máy chưa xác nhận được là bạn',
    sentence: () => 'Lần này máy không kiểm tra vân tay, khuôn mặt hoặc mã mở khóa màn hình.',
    todo: 'Hãy bật khóa màn hình trên máy rồi thử lại.',
  },
  'passkey.not-asked-for': {
    title: 'Cần một khóa truy cập khác',
    sentence: () => 'Khóa vừa dùng không phải khóa mà trang này đang hỏi. Chưa có gì thay đổi.',
    todo: 'Hãy quay lại và dùng khóa của tài khoản đang đăng nhập, hoặc đổi sang tài khoản khác.',
  },
  'registration.out-of-order': {
    title: 'Bước này chưa đến lượt',
    sentence: () => 'Việc đăng ký cần đi theo từng bước. Bạn chưa mất gì.',
    todo: 'Hãy bắt đầu lại từ bước đầu tiên.',
  },
  'registration.code-wrong': {
    title: 'Mã chưa đúng',
    sentence: ({ left }) => (left === undefined ? 'Mã bạn nhập chưa đúng.' : `Mã bạn nhập chưa đúng. Bạn còn ${left} lần thử.`),
    todo: 'Hãy xem lại mã trong thư mới nhất.',
  },
  'registration.code-spent': {
    title: 'Mã này không còn dùng được',
    sentence: () => 'Mã đã hết hạn, đã được dùng hoặc đã nhập sai quá nhiều lần.',
    todo: 'Hãy yêu cầu gửi mã mới.',
  },
  'registration.refused': { title: 'Chưa đăng ký trực tuyến được', sentence: () => 'Chúng tôi chưa thể tạo tài khoản từ thông tin đã nhập.', todo: inPerson },
  'officer.not-allowed': {
    title: 'Bạn không có quyền làm việc này',
    sentence: () => 'Vai trò của bạn không cho phép việc này. Lần thử này đã được ghi lại.',
    todo: 'Nếu công việc của bạn cần quyền này, hãy nhờ người quản lý đề xuất vai trò cho bạn.',
  },
  'officer.level': {
    title: 'Tài khoản của bạn chưa ở mức 2', sentence: () => 'Người làm việc cho hệ thống cần tài khoản mức 2. Lần thử này đã được ghi lại.', todo: 'Hãy mang thẻ căn cước tới quầy định danh để nâng tài khoản lên mức 2, rồi đăng nhập lại.',
  },
  'audit.own': {
    title: 'Bạn không tra cứu chính mình',
    sentence: () => 'Nhật ký về chính bạn do một người khác tra cứu. Lần thử này đã được ghi lại.',
    todo: 'Hãy nhờ một người kiểm tra khác, hoặc xem trang Định danh của tôi.',
  },
  'proposal.own': {
    title: 'Cần một người khác quyết định',
    sentence: () => 'Đề xuất do chính bạn gửi, hoặc liên quan đến vai trò của bạn, phải do người khác quyết định.',
    todo: 'Hãy nhờ một người phê duyệt khác mở đề xuất này.',
  },
  'proposal.over': {
    title: 'Đề xuất này đã được quyết định',
    sentence: () => 'Trong lúc bạn xem, đã có người quyết định. Việc bạn vừa làm không thay đổi gì.',
    todo: 'Hãy mở lại danh sách phê duyệt để xem kết quả.',
  },
  'proposal.stale': {
    title: 'Nội dung đã thay đổi',
    sentence: () => 'Ứng dụng đã thay đổi sau khi đề xuất này được viết, nên không thể phê duyệt nữa.',
    todo: 'Hãy trả lại đề xuất và nhờ người gửi viết lại theo nội dung hiện tại.',
  },
  'proposal.faulty': {
    title: 'Không đề xuất được',
    sentence: () => 'Nội dung đề xuất chưa đúng.',
    todo: 'Hãy sửa theo phần chi tiết rồi gửi lại.',
  },
  'proposal.too-many': {
    title: 'Bạn có quá nhiều đề xuất đang chờ',
    sentence: () => 'Đề xuất mới chưa được gửi, để đề xuất của người khác không bị che khuất.',
    todo: 'Hãy rút bớt đề xuất không còn cần, hoặc chờ người khác quyết định, rồi gửi lại.',
  },
  'connection.over': {
    title: 'Đề nghị này không còn ở bước đó',
    sentence: () => 'Trong lúc bạn xem, đề nghị kết nối đã chuyển sang bước khác. Việc bạn vừa làm không thay đổi gì.',
    todo: 'Hãy mở lại đề nghị để xem trạng thái hiện tại.',
  },
  'reason.personal': {
    title: 'Lý do không được có số của ai',
    sentence: () => 'Trong lý do có số giống số định danh cá nhân, số điện thoại hoặc địa chỉ email. Nhật ký không ghi những thông tin đó. Chưa có gì thay đổi.',
    todo: 'Hãy quay lại trang trước, bỏ số hoặc địa chỉ đó đi và ghi mã hồ sơ.',
  },
  'api.unauthorized': {
    title: 'Chưa xác thực được lời gọi',
    sentence: () => 'Mã truy cập hoặc bằng chứng kèm theo không đúng.',
    todo: forPrograms,
  },
  'reader.not-paired': {
    title: 'Máy đọc chip chưa được kết nối',
    sentence: () => 'Mã của máy đọc sai, đã hết hạn hoặc đã dùng. Mỗi mã chỉ đọc được một lần.',
    todo: 'Hãy tạo mã mới trên trang hồ sơ tại quầy.',
  },
  'api.scope-missing': {
    title: 'Lời gọi thiếu phạm vi',
    sentence: () => 'Mã truy cập không có phạm vi cần cho việc này.',
    todo: forPrograms,
  },
  'api.call-unnamed': {
    title: 'Lời gọi chưa có tên',
    sentence: () => 'Lời gọi làm thay đổi dữ liệu phải có Idempotency-Key.',
    todo: forPrograms,
  },
  'api.call-under-way': {
    title: 'Lời gọi đang được xử lý',
    sentence: () => 'Một lời gọi cùng tên chưa xong.',
    todo: 'Hãy chờ vài giây rồi gửi lại.',
  },
  'api.call-name-taken': {
    title: 'Tên lời gọi đã dùng',
    sentence: () => 'Idempotency-Key này là của một lời gọi khác.',
    todo: forPrograms,
  },
  'limit.exceeded': {
    title: 'Bạn đã thử quá nhiều lần',
    sentence: ({ wait }) => (wait === undefined ? 'Hãy thử lại sau ít phút.' : `Hãy thử lại sau ${wait}.`),
    todo: 'Trong lúc chờ, bạn không cần làm gì. Tài khoản không bị khóa.',
  },
  'request.malformed': {
    title: 'Liên kết hoặc biểu mẫu không đúng',
    sentence: ({ host }) =>
      host === undefined
        ? 'Chúng tôi không đọc được yêu cầu này.'
        : `Liên kết từ ${host} không đúng. Lỗi ở dịch vụ, không phải ở bạn.`,
    todo: again,
  },
  'request.too-large': {
    title: 'Nội dung gửi quá lớn',
    sentence: () => 'Biểu mẫu vừa gửi lớn hơn mức cho phép.',
    todo: 'Hãy quay lại, rút ngắn nội dung rồi gửi lại.',
  },
  'request.too-long': {
    title: 'Yêu cầu của dịch vụ quá dài',
    sentence: () => 'Dịch vụ đã gửi một liên kết dài hơn mức cho phép. Lỗi ở dịch vụ, không phải ở bạn.',
    todo: again,
  },
  'request.forged': {
    title: 'Trang này đã cũ',
    sentence: () => 'Biểu mẫu không đến từ trang bạn đang mở, nên chúng tôi chưa làm gì cả.',
    todo: 'Hãy tải lại trang rồi thử lại. Trình duyệt cần cho phép cookie.',
  },
  'request.not-found': {
    title: 'Không tìm thấy trang',
    sentence: () => 'Địa chỉ này không có hoặc đã được chuyển đi.',
    todo: 'Hãy kiểm tra lại địa chỉ, hoặc bắt đầu từ dịch vụ bạn cần.',
  },
  'request.method': {
    title: 'Trang này không mở được theo cách đó',
    sentence: () => 'Địa chỉ này chỉ dùng để gửi biểu mẫu.',
    todo: again,
  },
  'sealed.unreadable': { title: 'Lỗi của chúng tôi', sentence: () => ours, todo: 'Hãy thử lại sau ít phút.' },
  'service.unavailable': {
    title: 'Tạm thời chưa phục vụ được',
    sentence: () => 'Một phần hệ thống đang gián đoạn. Dữ liệu của bạn an toàn.',
    todo: 'Hãy thử lại sau ít phút.',
  },
  'service.busy': {
    title: 'Đang rất đông',
    sentence: ({ wait }) => `Nhiều người đang đăng nhập cùng lúc.${wait === undefined ? '' : ` Hãy thử lại sau ${wait}.`}`,
    todo: 'Bạn không cần bấm nhiều lần. Hãy thử lại sau ít phút.',
  },
  'service.crowded': {
    title: 'Đang rất đông',
    sentence: ({ wait }) => `Rất nhiều người đang dùng cùng lúc. Bạn chưa mất gì.${wait === undefined ? '' : ` Hãy thử lại sau ${wait}.`}`,
    todo: 'Bạn không cần bấm nhiều lần. Hãy tải lại trang này sau ít giây.',
  },
  internal: { title: 'Lỗi của chúng tôi', sentence: () => ours, todo: 'Hãy thử lại sau ít phút.' },
}

export const problems = {
  list,
  reference: 'Mã tham chiếu',
  referenceHint: 'Đọc mã này khi bạn liên hệ hỗ trợ.',
  technical: 'Chi tiết kỹ thuật',
  minutes: (count: string) => `${count} phút`,
  seconds: (count: string) => `${count} giây`,
}
