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
    organisation: {
      title: 'Dịch vụ này chỉ nhận người làm nhân danh tổ chức',
      lead: (service: string) => `${service} chỉ dành cho người làm nhân danh tổ chức, và bạn chưa làm nhân danh tổ chức nào ở đây. Chưa có thông tin nào được gửi.`,
      steps: () => [
        'Bạn là người đại diện theo pháp luật? Mở mục Tổ chức của tôi trong trang Định danh của tôi để xem tài khoản của tổ chức đã hoạt động chưa.',
        'Bạn làm việc cho tổ chức? Nhờ người đại diện theo pháp luật ủy quyền cho bạn ở dịch vụ này, rồi nhận ủy quyền.',
        'Tài khoản của chính bạn phải ở mức 2.',
      ],
    },
    'named-organisation': {
      title: 'Bạn chưa làm nhân danh tổ chức mà dịch vụ này yêu cầu',
      lead: (service: string) => `${service} chỉ nhận người làm nhân danh một tổ chức nhất định, và bạn chưa làm nhân danh tổ chức đó ở đây. Chưa có thông tin nào được gửi.`,
      steps: () => [
        'Quay lại dịch vụ và xem bạn đã chọn đúng tổ chức chưa.',
        'Bạn là người đại diện theo pháp luật? Mở mục Tổ chức của tôi trong trang Định danh của tôi để xem tài khoản của tổ chức đã hoạt động chưa.',
        'Bạn làm việc cho tổ chức? Nhờ người đại diện theo pháp luật ủy quyền cho bạn ở dịch vụ này, rồi nhận ủy quyền.',
        'Tài khoản của chính bạn phải ở mức 2.',
      ],
    },
  },
}
