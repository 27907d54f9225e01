import { bring, place } from './in-person.ts'

export type Section = { title: string; paragraphs?: readonly string[]; list?: readonly string[] }
export type Paper = { title: string; lead: string; sections: readonly Section[] }

const help: Paper = {
  title: 'Trợ giúp',
  lead: 'Câu trả lời cho những việc hay gặp nhất.',
  sections: [
    {
      title: 'Đăng nhập như thế nào?',
      paragraphs: [
        'Bấm nút đăng nhập rồi mở khóa máy như mọi ngày, bằng vân tay, khuôn mặt hoặc mã mở khóa màn hình.',
        'Cách này gọi là khóa truy cập. Không có mật khẩu để nhớ, không có mã tin nhắn để chờ.',
      ],
    },
    {
      title: 'Tôi mất điện thoại hoặc đổi máy',
      list: [
        'Nếu khóa của bạn được đồng bộ (tài khoản Google hoặc Apple), hãy đăng nhập tài khoản đó trên máy mới. Khóa sẽ có sẵn.',
        'Nếu bạn có khóa ở máy khác, chọn Dùng điện thoại khác ở trang đăng nhập.',
        `Nếu không còn khóa nào, hãy mang ${bring.either}.`,
      ],
    },
    {
      title: 'Trang mở trong Zalo hoặc Facebook không đăng nhập được',
      paragraphs: ['Hãy mở trang bằng Chrome hoặc Safari. Trình duyệt bên trong các ứng dụng này không mở được khóa truy cập.'],
    },
    {
      title: 'Tôi không nhận được mã qua email',
      list: ['Xem mục thư rác.', 'Kiểm tra lại địa chỉ email đã nhập.', 'Chờ hết thời gian đếm ngược rồi bấm Gửi lại mã.'],
    },
    {
      title: 'Tránh bị lừa',
      list: [
        'Không cán bộ nào hỏi mã mở khóa màn hình hoặc mã trong email của bạn.',
        'Chỉ quét mã QR đăng nhập khi chính bạn vừa bấm đăng nhập.',
        'Xem kỹ tên dịch vụ trước khi đồng ý chia sẻ thông tin.',
      ],
    },
  ],
}

const privacy: Paper = {
  title: 'Quyền riêng tư',
  lead: 'Chúng tôi dùng thông tin của bạn để làm gì và không làm gì.',
  sections: [
    {
      title: 'Những gì được lưu',
      list: [
        'Thông tin từ Cơ sở dữ liệu quốc gia về dân cư, email bạn đăng ký và phần công khai của khóa truy cập.',
        'Số định danh, họ tên, ngày sinh, địa chỉ và email được mã hóa khi lưu.',
        'Vân tay và khuôn mặt dùng để mở khóa máy không bao giờ rời khỏi máy của bạn.',
      ],
    },
    {
      title: 'Những gì được gửi cho dịch vụ',
      paragraphs: [
        'Chỉ những mục bạn thấy trước khi đồng ý, hoặc những mục pháp luật quy định.',
        'Mỗi cơ quan nhận một mã riêng của bạn, nên các cơ quan không thể ghép dữ liệu bằng mã đó.',
      ],
    },
    {
      title: 'Nhật ký',
      paragraphs: ['Mỗi lần đăng nhập và mỗi lần gửi thông tin đều được ghi lại. Nhật ký không chứa họ tên hay số định danh.'],
    },
    {
      title: 'Cookie',
      paragraphs: [
        'Chỉ có cookie cần để đăng nhập và nhớ ngôn ngữ. Không quảng cáo, không theo dõi, không trang nào của bên thứ ba.',
      ],
    },
  ],
}

const accessibility: Paper = {
  title: 'Trợ năng',
  lead: 'Trang này dành cho mọi người, trên mọi loại máy.',
  sections: [
    {
      title: 'Bạn có thể',
      list: [
        'Phóng chữ đến 200% mà không phải kéo ngang.',
        'Dùng chỉ bàn phím, hoặc trình đọc màn hình.',
        'Dùng nền sáng, nền tối hoặc màu tương phản cao theo cài đặt của máy.',
        'Đăng nhập mà không phải nhớ mật khẩu hay giải câu đố.',
      ],
    },
    {
      title: 'Tiêu chuẩn',
      paragraphs: ['Các trang được kiểm tra tự động theo WCAG 2.2 mức AA, bằng tiếng Việt và tiếng Anh.'],
    },
    {
      title: 'Điều chưa làm được',
      list: [
        'Đăng nhập bằng khóa truy cập cần JavaScript.',
        `Chúng tôi chưa thử với đủ mọi trình đọc màn hình. Nếu gặp khó khăn, bạn vẫn có thể đến ${place.either}.`,
      ],
    },
  ],
}

export const papers = {
  help,
  privacy,
  accessibility,
  home: {
    title: 'Máy chủ định danh điện tử (bản phát triển)',
    lead: 'Đây là máy chủ thử trên máy của bạn. Mọi người trong dữ liệu thử đều không có thật.',
    portal: 'Mở cổng dịch vụ công (thử)',
    linksTitle: 'Dành cho người phát triển',
    styleguide: 'Bộ giao diện',
    discovery: 'Cấu hình OpenID Connect',
    jwks: 'Khóa công khai',
  },
}
