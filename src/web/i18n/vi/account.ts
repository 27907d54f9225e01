import type { Office } from '#domain/notice/office.ts'

const go: Record<Office, string> = {
  commune: 'Mang thẻ căn cước và điện thoại này đến Công an xã, phường gần nhất.',
  immigration: 'Mang hộ chiếu và điện thoại này đến cơ quan quản lý xuất nhập cảnh.',
}

export const account = {
  chooseTitle: (service: string) => `Vào ${service} bằng tài khoản nào?`,
  chooseLead: 'Máy này đang đăng nhập tài khoản dưới đây.',
  same: 'Tiếp tục với',
  another: 'Dùng tài khoản khác',
  whatToDo: 'Bạn có thể làm gì',
  again: {
    title: (service: string) => `Xác nhận lại để vào ${service}`,
    lead: 'Vì đây là việc quan trọng, hãy mở khóa lần nữa.',
    titleDetails: (service: string) => `Xác nhận lại yêu cầu của ${service}`,
    leadDetails: 'Hãy đọc kỹ, rồi mở khóa lần nữa. Chỉ xác nhận nếu chính bạn vừa yêu cầu việc này.',
    leadHardware: 'Dịch vụ này cần khóa bảo mật phần cứng của bạn. Hãy cắm hoặc chạm khóa vào máy.',
    button: 'Xác nhận',
    buttonHardware: 'Xác nhận bằng khóa bảo mật',
  },
  turnBack: {
    'account-level': {
      title: 'Dịch vụ này cần tài khoản mức 2',
      lead: (service: string) => `Tài khoản của bạn ở mức 1, chưa dùng được ${service}. Chưa có thông tin nào được gửi.`,
      steps: (office: Office) => [
        go[office],
        'Cán bộ kiểm tra và nâng tài khoản lên mức 2, khoảng 2 phút.',
        'Sau đó quay lại dịch vụ và đăng nhập như mọi ngày.',
      ],
    },
    'hardware-key': {
      title: 'Dịch vụ này cần khóa bảo mật phần cứng',
      lead: (service: string) => `Tài khoản của bạn chưa có khóa nào được ${service} chấp nhận. Chưa có thông tin nào được gửi.`,
      steps: () => [
        'Khóa đồng bộ giữa các máy không dùng được cho dịch vụ này.',
        'Hỏi cơ quan cung cấp dịch vụ về loại khóa cần có.',
      ],
    },
  },
}
