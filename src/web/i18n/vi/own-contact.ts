/** "My e-ID": where its holder is told, and changing that. */
export const ownContact = {
  link: 'Email và số điện thoại',
  title: 'Nơi nhận thông báo',
  lead: 'Chúng tôi gửi thông báo về tài khoản đến đây. Không dùng để đăng nhập.',
  kinds: { email: 'Email', phone: 'Số điện thoại' },
  none: 'Chưa có',
  changed: 'Đã đổi. Nơi mới và nơi cũ đều được báo. Nếu không phải bạn đổi, trong 72 giờ nơi cũ vẫn khôi phục được.',
  email: { title: 'Đổi email', label: 'Email mới', hint: 'Ví dụ: lan@example.com', button: 'Gửi mã đến email mới', fault: 'Hãy nhập email đầy đủ, như lan@example.com.' },
  phone: { title: 'Đổi số điện thoại', label: 'Số điện thoại mới', hint: 'Số di động Việt Nam, như 0912 345 678', button: 'Gửi mã đến số mới', fault: 'Hãy nhập số di động Việt Nam, như 0912 345 678.' },
  oldLost: 'Không còn dùng nơi cũ? Bạn không cần mở nơi cũ để đổi.',
  code: {
    title: 'Nhập mã vừa gửi',
    lead: (to: string, minutes: number) => `Mã đã gửi đến ${to}, dùng được trong ${minutes} phút.`,
    label: (count: number) => `Mã gồm ${count} chữ số`,
    hint: 'Không thấy mã? Hãy xem mục thư rác, hoặc quay lại nhập lại.',
    button: 'Xác nhận và đổi',
    missing: 'Hãy nhập mã.',
    wrong: (left: number) => `Mã chưa đúng. Còn ${left} lần thử.`,
    again: 'Nhập địa chỉ khác hoặc gửi lại mã',
  },
  spent: 'Mã đã hết hạn hoặc đã thử quá nhiều lần. Hãy gửi lại mã.',
  sms: (code: string, minutes: number) => `Định danh điện tử: ${code} là mã xác nhận số điện thoại, dùng trong ${minutes} phút. Không đọc mã này cho ai, kể cả cán bộ.`,
}
