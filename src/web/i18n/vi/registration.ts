/** As `config/enrolment.json` has them. */
type CodeRules = { digits: number; minutes: number }

export const registration = {
  number: {
    title: 'Số định danh cá nhân của bạn',
    hint: '12 số trên thẻ căn cước. Ví dụ 079\u00a0203\u00a0001\u00a0234',
    errors: {
      missing: 'Hãy nhập số định danh cá nhân.',
      format: 'Số định danh cá nhân có đúng 12 chữ số. Hãy xem lại trên thẻ căn cước.',
    },
  },
  identity: {
    title: 'Họ tên và ngày sinh của bạn',
    lead: 'Nhập như trên thẻ căn cước.',
    name: 'Họ, chữ đệm và tên',
    nameHint: 'Có dấu hoặc không dấu đều được.',
    birthDate: 'Ngày sinh',
    birthDateHint: 'Ví dụ 02\u00a003\u00a01962. Nếu thẻ chỉ ghi năm sinh, để trống ngày và tháng.',
    day: 'Ngày',
    month: 'Tháng',
    year: 'Năm',
    errors: {
      nameMissing: 'Hãy nhập họ, chữ đệm và tên.',
      nameLong: 'Tên dài quá 200 ký tự.',
      dateMissing: 'Hãy nhập ngày sinh.',
      yearShort: 'Năm sinh có 4 chữ số. Ví dụ 1962.',
      dateWrong: 'Ngày sinh này không có trong lịch. Hãy xem lại ngày, tháng, năm.',
    },
  },
  contact: {
    title: 'Email để nhận thông báo',
    lead: 'Chúng tôi gửi một mã 6 số để kiểm tra email này là của bạn.',
    label: 'Email',
    hint: 'Ví dụ ten.ban@example.com',
    notForSignIn: 'Chúng tôi không dùng mã này để đăng nhập.',
    button: 'Gửi mã',
    errors: { missing: 'Hãy nhập email.', format: 'Email cần có dạng ten.ban@example.com.' },
  },
  code: {
    title: 'Nhập mã trong email',
    lead: (address: string, { digits, minutes }: CodeRules) =>
      `Nếu email đúng, mã ${digits} số đã được gửi đến ${address}. Mã có hiệu lực ${minutes} phút.`,
    label: (digits: number) => `Mã ${digits} số`,
    spam: 'Không thấy thư? Hãy xem cả mục thư rác.',
    resend: 'Gửi lại mã',
    wait: 'Gửi lại mã sau',
    resent: 'Đã gửi mã mới. Mã cũ không còn dùng được.',
    otherAddress: 'Đổi email khác',
    errors: {
      missing: 'Hãy nhập mã trong email.',
      format: 'Mã chỉ có chữ số, đúng như trong email. Lần này không bị tính.',
      wrong: (left: number) => `Mã chưa đúng. Bạn còn ${left} lần thử.`,
      spent: 'Mã này không còn dùng được. Hãy bấm Gửi lại mã.',
    },
  },
  passkey: {
    title: 'Tạo khóa đăng nhập trên máy này',
    lead: 'Bạn sẽ mở khóa màn hình như mọi ngày. Vân tay và khuôn mặt không rời khỏi máy của bạn.',
    name: 'Khóa này gọi là “khóa truy cập”. Lần sau bạn đăng nhập bằng một lần chạm, không cần mật khẩu.',
    button: 'Tạo khóa',
    notes: {
      cancelled: 'Bạn đã đóng hộp thoại. Bấm lại để thử.',
      exists: 'Máy này đã có khóa truy cập cho tài khoản của bạn. Hãy dùng khóa đó để đăng nhập.',
      failed: 'Máy chưa tạo được khóa. Hãy bật khóa màn hình rồi bấm lại để thử.',
    },
  },
  refused: {
    title: 'Chưa đăng ký trực tuyến được',
    lead: 'Chúng tôi chưa thể tạo tài khoản từ thông tin đã nhập. Lý do không hiện ở đây để bảo vệ người có số định danh này.',
    todo: 'Hãy đến Công an xã, phường gần nhất',
    bring: [
      'Thẻ căn cước hoặc thẻ căn cước công dân',
      'Điện thoại của bạn',
      'Giấy khai sinh, nếu thông tin trên thẻ không còn đúng',
    ],
    bringTitle: 'Mang theo',
    again: 'Nhập lại thông tin',
    already: 'Nếu bạn đã có tài khoản, hãy đăng nhập.',
    signIn: 'Đến trang đăng nhập',
  },
  done: {
    title: 'Bạn đã có tài khoản mức 1',
    lead: 'Từ nay bạn đăng nhập bằng vân tay, khuôn mặt hoặc mã mở khóa màn hình.',
    worksTitle: 'Dùng được ngay',
    works: ['Đăng nhập các dịch vụ nhận tài khoản mức 1', 'Chia sẻ thông tin của mình khi bạn đồng ý'],
    laterTitle: 'Cần mức 2',
    later: ['Dịch vụ yêu cầu đã kiểm tra khuôn mặt và thẻ căn cước', 'Để lên mức 2, mang thẻ căn cước đến Công an xã, phường'],
  },
}
