import { bring, type Reader } from './in-person.ts'

/** "Lock my account", and opening it again. */
export const ownLock = {
  link: 'Khóa tài khoản',
  title: 'Khóa tài khoản của bạn?',
  lead: 'Không ai đăng nhập được nữa, kể cả bạn, cho đến khi mở khóa.',
  list: (reader: Reader) => [
    'Bạn sẽ đăng xuất trên mọi máy và ở mọi dịch vụ.',
    'Các yêu cầu đang chờ bạn trả lời không dùng được nữa.',
    `Mở lại: đăng nhập bằng khóa truy cập của bạn, hoặc mang ${bring[reader]}.`,
  ],
  button: 'Khóa ngay',
  done: {
    title: 'Tài khoản của bạn đã khóa',
    text: 'Không ai đăng nhập được nữa. Chúng tôi đang báo cho các dịch vụ bạn đã đăng nhập.',
    back: `Muốn mở lại? Đăng nhập bằng khóa truy cập của bạn, hoặc mang ${bring.either}.`,
  },
  unlock: {
    title: 'Bạn đã khóa tài khoản này',
    lead: (since: string) => `Tài khoản bị khóa theo yêu cầu của bạn từ ${since}. Bạn vừa xác nhận bằng khóa truy cập nên mở lại được ngay.`,
    caution: (reader: Reader) => `Bạn khóa vì mất điện thoại và chưa tìm thấy? Đừng mở khóa. Hãy mang ${bring[reader]}.`,
    button: 'Mở khóa và đăng nhập',
    lost: (since: string) => `Tài khoản bị khóa từ ${since} vì có báo mất thiết bị. Để kẻ nhặt được máy không mở được, việc mở lại phải chờ 24 giờ.`,
    lostUntil: (since: string, at: string) => `Tài khoản bị khóa từ ${since} vì có báo mất thiết bị. Từ ${at}, khóa truy cập này mở được tài khoản, nếu trước lúc đó không ai hủy.`,
    lostCaution: (reader: Reader) => `Chúng tôi báo cho bạn ở mọi email và số điện thoại đã lưu. Muốn mở ngay? Hãy mang ${bring[reader]}.`,
    buttons: { ask: 'Yêu cầu mở lại', waits: 'Xem khi nào mở được' },
  },
  /** A passkey of before, while somebody who came back with a printed code can be objected to. */
  object: {
    title: 'Có người đang lấy lại tài khoản này',
    lead: 'Một mã khôi phục đã in vừa được dùng để tạo khóa mới. Là bạn thì không cần làm gì.',
    list: (reader: Reader) => [
      'Không phải bạn? Hãy hủy: khóa mới bị xóa, các khóa cũ dùng lại được, mọi mã đã in không dùng được nữa.',
      'Nếu tài khoản đang khóa vì báo mất thiết bị, tài khoản vẫn khóa. Đăng nhập lại bằng khóa này để yêu cầu mở: mở được sau 24 giờ.',
      `Muốn mở ngay? Hãy mang ${bring[reader]}.`,
    ],
    button: 'Không phải tôi, hủy việc này',
  },
  /** Once somebody has asked to open what was closed as lost. */
  later: {
    title: 'Tài khoản chưa mở được ngay',
    lead: (at: string) => `Từ ${at}, hãy đăng nhập lại bằng khóa truy cập này để mở tài khoản.`,
    list: (reader: Reader) => [
      'Bạn đã nhận được thông báo ở mọi email và số điện thoại đã lưu.',
      'Không phải bạn yêu cầu? Hãy báo mất thiết bị lần nữa: tài khoản tiếp tục bị khóa.',
      `Muốn mở ngay? Hãy mang ${bring[reader]}.`,
    ],
  },
}
