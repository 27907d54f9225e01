/** "Lock my account", and opening it again. */
export const ownLock = {
  link: 'Khóa tài khoản',
  title: 'Khóa tài khoản của bạn?',
  lead: 'Không ai đăng nhập được nữa, kể cả bạn, cho đến khi mở khóa.',
  list: [
    'Bạn sẽ đăng xuất trên mọi máy và ở mọi dịch vụ.',
    'Các yêu cầu đang chờ bạn trả lời không dùng được nữa.',
    'Mở lại: đăng nhập bằng khóa truy cập của bạn, hoặc mang thẻ căn cước đến Công an xã, phường bất kỳ.',
  ],
  button: 'Khóa ngay',
  done: {
    title: 'Tài khoản của bạn đã khóa',
    text: 'Không ai đăng nhập được nữa. Chúng tôi đang báo cho các dịch vụ bạn đã đăng nhập.',
    back: 'Muốn mở lại? Đăng nhập bằng khóa truy cập của bạn, hoặc mang thẻ căn cước đến Công an xã, phường bất kỳ.',
  },
  unlock: {
    title: 'Bạn đã khóa tài khoản này',
    lead: (since: string) => `Tài khoản bị khóa theo yêu cầu của bạn từ ${since}. Bạn vừa xác nhận bằng khóa truy cập nên mở lại được ngay.`,
    caution: 'Bạn khóa vì mất điện thoại và chưa tìm thấy? Đừng mở khóa. Hãy mang thẻ căn cước đến Công an xã, phường bất kỳ.',
    button: 'Mở khóa và đăng nhập',
  },
}
