import { bring, type Reader } from './in-person.ts'

/** The way back of somebody who has lost every passkey. */
export const recovery = {
  ways: {
    title: 'Bạn còn gì?',
    device: 'Một thiết bị khác có khóa của tôi',
    deviceHint: 'Quét mã QR bằng thiết bị đó.',
    codes: 'Mã khôi phục đã in',
    codesHint: 'Nhập một mã trên tờ giấy bạn đã in.',
    nothing: 'Không còn gì',
    nothingHint: `Mang ${bring.either}.`,
  },
  code: {
    title: 'Nhập mã khôi phục',
    lead: 'Mỗi mã dùng được một lần. Sau đó bạn tạo khóa mới trên máy này.',
    label: 'Mã khôi phục',
    hint: 'Trên tờ giấy đã in. Ví dụ: 7F3K-29QD-X0WA',
    errors: {
      missing: 'Hãy nhập một mã khôi phục.',
      format: 'Mã khôi phục có đúng 12 chữ và số.',
      wrong: 'Số định danh hoặc mã khôi phục không đúng, hoặc mã đã dùng rồi. Hãy kiểm tra lại, hoặc dùng mã khác.',
    },
    back: 'Tôi không có mã khôi phục',
  },
  passkey: {
    title: 'Tạo khóa mới trên máy này',
    lead: 'Mã đúng. Bây giờ hãy mở khóa màn hình như mọi ngày để tạo khóa đăng nhập mới.',
    button: 'Tạo khóa',
  },
  done: {
    title: 'Bạn đã lấy lại tài khoản',
    lead: (hours: number) => `Trong ${hours} giờ tới, tài khoản chỉ dùng được như mức 1. Chúng tôi báo việc này đến mọi nơi bạn nhận thông báo.`,
    list: (reader: Reader) => [
      'Mất điện thoại cũ? Sau thời gian đó bạn xóa được khóa của máy ấy trong Định danh của tôi.',
      'Mã vừa nhập không dùng lại được. Các mã còn lại vẫn dùng được.',
      `Cần xóa khóa hoặc cần mức 2 ngay? Mang ${bring[reader]}.`,
    ],
  },
  /** The account was closed as lost. */
  waits: {
    title: 'Khóa mới đã được tạo, tài khoản vẫn khóa',
    lead: (at: string) => `Tài khoản đã được báo mất thiết bị. Từ ${at}, hãy đăng nhập bằng khóa vừa tạo để mở tài khoản. Chúng tôi báo việc này đến mọi nơi bạn nhận thông báo.`,
    alone: 'Các khóa cũ không đăng nhập được nữa. Người còn giữ một khóa cũ hủy được việc này.',
    list: (reader: Reader) => [
      'Không phải bạn báo mất, hoặc bạn tìm thấy thiết bị? Đăng nhập bằng khóa cũ để hủy việc này.',
      `Muốn mở ngay? Hãy mang ${bring[reader]}.`,
    ],
  },
}

/** Printed codes, in "my e-ID". */
export const recoveryCodes = {
  link: 'Mã khôi phục',
  title: 'Mã khôi phục',
  lead: 'In mã ra giấy để lấy lại tài khoản khi mất hết điện thoại.',
  inOffice: 'Bạn đang giữ vai trò quản trị nên không dùng mã khôi phục. Mất khóa? Trước hết hai quản trị viên kết thúc vai trò của bạn, rồi hãy mang thẻ căn cước đến Công an xã, phường.',
  none: 'Bạn chưa in mã nào.',
  left: (count: string, day: string) => `Còn ${count} mã chưa dùng, in ngày ${day}.`,
  list: [
    'Mỗi mã dùng một lần, thay cho khóa đã mất.',
    'Cất ở nhà như giấy tờ quan trọng, không chụp ảnh.',
    'Không đọc mã cho bất kỳ ai, kể cả người tự nhận là cán bộ.',
  ],
  make: (count: string) => `Tạo ${count} mã mới`,
  replaces: 'Khi tạo mã mới, các mã cũ không dùng được nữa.',
  printedTitle: 'Mã khôi phục của bạn',
  printedLead: 'Hãy in trang này hoặc chép ra giấy ngay bây giờ.',
  once: 'Các mã này chỉ hiện một lần. Rời trang này rồi thì không ai xem lại được, kể cả chúng tôi.',
}
