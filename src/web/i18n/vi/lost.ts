import { bring, place } from './in-person.ts'

/** "I lost my device": the account is locked without a sign-in. */
export const lost = {
  link: 'Mất thiết bị? Khóa tài khoản ngay',
  title: 'Khóa tài khoản khi mất thiết bị',
  lead: 'Không cần đăng nhập. Không ai dùng được tài khoản nữa cho đến khi bạn mở lại.',
  shown: 'Mã tham chiếu hoặc mã khôi phục',
  shownHint: 'Mã 9 ký tự trong một thông báo chúng tôi đã gửi, ví dụ 7F3-K29-QDT. Hoặc một mã khôi phục bạn đã in: mỗi mã chỉ dùng được một lần.',
  errors: {
    missing: 'Hãy nhập mã tham chiếu trong một thông báo, hoặc một mã khôi phục.',
    format: 'Mã này không đúng. Mã tham chiếu có 9 ký tự, mã khôi phục có 12. Hãy xem lại từng ký tự.',
  },
  button: 'Khóa tài khoản',
  neitherTitle: 'Không có mã nào?',
  neither: `Hãy mang ${bring.either}. Cán bộ khóa tài khoản cho bạn ngay.`,
  done: {
    title: 'Chúng tôi đã nhận yêu cầu của bạn',
    text: 'Nếu thông tin đúng, tài khoản được khóa trong vài giây.',
    list: [
      'Bạn sẽ nhận được thông báo khi tài khoản đã khóa.',
      `Không nhận được thông báo? Hãy kiểm tra thông tin rồi thử lại, hoặc đến ${place.either}.`,
      'Bạn đã nhập mã khôi phục? Mã ấy không dùng lại được. Hãy lấy lại tài khoản bằng một mã khác trên tờ giấy.',
      `Tìm thấy thiết bị? Đăng nhập bằng khóa truy cập của bạn để yêu cầu mở lại: tài khoản mở được sau 24 giờ, hoặc ngay tại ${place.either}.`,
    ],
    again: 'Nhập lại thông tin',
  },
  /** While what came with a recovery code can be objected to. */
  held: {
    warning: (until: string) => `Tài khoản vừa được lấy lại bằng mã khôi phục. Đến ${until}, tài khoản chỉ dùng được như mức 1.`,
    link: 'Không phải tôi, hủy việc này',
    title: 'Hủy việc lấy lại tài khoản?',
    lead: 'Chỉ hủy khi không phải bạn đã nhập mã khôi phục.',
    list: ['Khóa được tạo bằng mã khôi phục bị xóa.', 'Mọi mã khôi phục đã in không dùng được nữa.', 'Bạn sẽ đăng xuất mọi nơi, rồi đăng nhập lại bằng khóa cũ của mình.'],
    button: 'Hủy việc lấy lại tài khoản',
    done: 'Đã hủy việc lấy lại tài khoản',
    doneText: 'Khóa lạ đã bị xóa. Hãy đăng nhập bằng khóa của bạn, rồi in mã khôi phục mới và cất ở nơi an toàn.',
  },
}
