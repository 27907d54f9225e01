import { bring, place, type Reader } from './in-person.ts'

/** "My e-ID", and the requests of services that wait for an answer there. */
export const myEid = {
  title: 'Định danh của tôi',
  name: 'Họ và tên',
  number: 'Số định danh cá nhân',
  lastSignIn: 'Lần đăng nhập gần nhất',
  waiting: (requests: string) => `Có ${requests} yêu cầu đang chờ bạn trả lời.`,
  noneWaiting: 'Không có yêu cầu nào chờ bạn.',
  toRequests: 'Xem yêu cầu',
  lookForRequests: 'Kiểm tra yêu cầu mới',
  signOut: 'Đăng xuất',
  everywhere: {
    link: 'Đăng xuất mọi nơi',
    title: 'Đăng xuất mọi nơi?',
    text: 'Bạn sẽ đăng xuất trên mọi máy và ở mọi dịch vụ, kể cả máy này. Khóa truy cập của bạn vẫn dùng được.',
    button: 'Đăng xuất mọi nơi',
    done: 'Bạn đã đăng\u00a0xuất mọi nơi',
    doneText: `Chúng tôi đang báo cho các dịch vụ. Nếu bạn lo có người dùng khóa của mình, hãy đến ${place.either}.`,
  },
  keys: {
    title: 'Khóa truy cập',
    onlyOne: 'Bạn chỉ có 1 khóa. Thêm khóa thứ hai để không bị mất tài khoản.',
    kinds: { hardware: 'Khóa bảo mật phần cứng', synced: 'Đồng bộ giữa các máy', device: 'Chỉ trên một thiết bị' },
    added: (day: string) => `Thêm ngày ${day}`,
    used: (time: string) => `Dùng lần cuối ${time}`,
    neverUsed: 'Chưa dùng để đăng nhập',
    add: {
      title: 'Thêm khóa bảo mật',
      lead: 'Khóa bảo mật là thiết bị nhỏ, cắm vào máy hoặc chạm vào điện thoại để đăng nhập.',
      steps: [
        'Chuẩn bị khóa có mã PIN hoặc cảm biến vân tay.',
        'Bấm nút dưới đây, rồi cắm hoặc chạm khóa khi trình duyệt yêu cầu.',
        'Trình duyệt hỏi có cho xem loại khóa không? Hãy cho phép. Dịch vụ cần khóa phần cứng chỉ nhận khóa đã cho xem.',
      ],
      button: 'Thêm khóa',
      noScript: 'Để thêm khóa cần bật JavaScript hoặc dùng máy khác.',
      notes: {
        cancelled: 'Bạn đã đóng hộp thoại. Bấm lại để thử.',
        exists: 'Khóa này đã được thêm rồi. Hãy dùng khóa khác.',
        failed: 'Chưa thêm được khóa. Hãy kiểm tra mã PIN của khóa rồi bấm lại để thử.',
      },
    },
    manage: 'Đổi tên hoặc xóa',
    own: {
      title: 'Thêm khóa trên máy này',
      lead: 'Thêm khóa thứ hai để vẫn đăng nhập được khi mất hoặc đổi điện thoại.',
      steps: ['Mở trang này trên máy muốn thêm khóa.', 'Bấm nút dưới đây và mở khóa màn hình như mọi ngày.', 'Vân tay và khuôn mặt không rời khỏi máy của bạn.'],
      button: 'Thêm khóa',
      notes: {
        cancelled: 'Bạn đã đóng hộp thoại. Bấm lại để thử.',
        exists: 'Máy này đã có khóa của bạn rồi. Hãy mở trang này trên máy khác.',
        failed: 'Chưa thêm được khóa. Hãy bấm lại để thử.',
      },
    },
    one: {
      title: (name: string) => `Khóa “${name}”`,
      kind: 'Loại',
      added: 'Ngày thêm',
      used: 'Dùng lần cuối',
      name: 'Tên khóa',
      nameHint: 'Để bạn dễ nhận ra. Ví dụ: Điện thoại của tôi.',
      nameFault: 'Tên có nhiều nhất 40 ký tự. Hãy nhập tên ngắn hơn.',
      rename: 'Lưu tên',
      remove: 'Xóa khóa này',
      removeTitle: (name: string) => `Xóa khóa “${name}”?`,
      removeText: 'Khóa này không đăng nhập được nữa. Bạn sẽ đăng xuất mọi nơi, kể cả máy này.',
      removeButton: 'Xóa khóa',
      lastTitle: 'Đây là khóa duy nhất của bạn',
      lastText: 'Nếu xóa, bạn sẽ không đăng nhập được nữa. Hãy thêm khóa khác trước.',
      removed: 'Đã xóa khóa',
      removedText: 'Khóa đó không đăng nhập được nữa. Hãy xóa cả khóa đã lưu trong máy, nếu máy còn ở chỗ bạn. Chúng tôi báo việc này qua email của bạn.',
    },
    full: {
      title: 'Bạn đã có đủ khóa',
      text: (most: string) => `Mỗi tài khoản có nhiều nhất ${most} khóa. Hãy xóa một khóa cũ trước.`,
    },
    inOffice: {
      title: 'Khóa của người đang giữ vai trò không thêm ở đây',
      text: 'Bạn đang giữ một vai trò trong hệ thống. Quyết định của bạn chỉ tính khi được ký bằng khóa đã có lúc hai người trao vai trò cho bạn.',
      how: 'Cần khóa khác? Hãy nhờ người quản lý kết thúc vai trò, thêm khóa tại đây, rồi xin trao lại vai trò. Hãy luôn có hai khóa bảo mật trước khi nhận vai trò.',
    },
    done: {
      hardware: {
        title: 'Đã thêm khóa bảo mật phần cứng',
        text: 'Khóa này đăng nhập được ở mọi dịch vụ, kể cả dịch vụ cần khóa phần cứng.',
      },
      any: {
        title: 'Đã thêm khóa truy cập',
        text: 'Khóa này đăng nhập như mọi khóa khác của bạn. Chúng tôi chưa xác nhận được đây là khóa phần cứng, nên dịch vụ cần khóa phần cứng sẽ không nhận.',
      },
      told: 'Chúng tôi báo việc này qua email của bạn.',
    },
  },
  back: 'Về Định danh của tôi',
  notSignedIn: {
    title: 'Bạn chưa đăng nhập',
    text: 'Bạn đã dừng việc đăng nhập. Không có gì thay đổi.',
    again: 'Đăng nhập',
  },
}

export const approval = {
  title: 'Yêu cầu chờ bạn xác nhận',
  lead: 'Chỉ trả lời khi chính bạn đang làm việc với bên gửi yêu cầu.',
  none: 'Không có yêu cầu nào.',
  noneHint: 'Nếu nhân viên nói đã gửi yêu cầu, hãy chờ vài giây rồi tải lại trang.',
  reload: 'Tải lại trang',
  sentAt: (time: string) => `Gửi lúc ${time}`,
  match: {
    title: (service: string) => `${service} muốn bạn xác nhận`,
    lead: 'Nhân viên đang đưa cho bạn mã nào? Hãy bấm đúng mã đó.',
    caution: 'Không có nhân viên hay màn hình nào đang đưa mã cho bạn? Đừng bấm mã nào.',
    notMe: 'Không phải tôi yêu cầu',
  },
  organisation: 'Cơ quan, tổ chức',
  sent: 'Gửi lúc',
  ends: 'Trả lời trước',
  code: 'Mã',
  confirm: {
    title: (service: string) => `Xác nhận với ${service}`,
    nothingShared: 'Bên yêu cầu chỉ biết rằng bạn đã xác nhận. Không có thông tin nào khác được gửi.',
    shares: 'Thông tin được gửi',
    lasts: 'chỉ cho lần xác nhận này',
    button: 'Xác nhận bằng vân\u00a0tay hoặc khuôn\u00a0mặt',
    decline: 'Từ chối',
  },
  unreachable: {
    'account-level': {
      title: 'Yêu cầu này cần tài khoản mức cao hơn',
      text: (service: string) => `${service} cần mức mà tài khoản của bạn chưa có. Chưa có gì được gửi.`,
      todo: (reader: Reader) => `Muốn nâng tài khoản lên mức 2? Hãy mang ${bring[reader]}.`,
    },
    'hardware-key': {
      title: 'Yêu cầu này cần khóa bảo mật phần cứng',
      text: (service: string) => `Tài khoản của bạn chưa có khóa nào được ${service} chấp nhận. Chưa có gì được gửi.`,
      todo: () => 'Khóa đồng bộ giữa các máy không dùng được cho yêu cầu này. Hãy hỏi bên gửi yêu cầu về loại khóa cần có.',
    },
    organisation: {
      title: 'Yêu cầu này chỉ dành cho người làm nhân danh tổ chức',
      text: (service: string) => `${service} chỉ nhận người làm nhân danh tổ chức được yêu cầu, và bạn chưa làm nhân danh tổ chức đó ở đây. Chưa có gì được gửi.`,
      todo: () => 'Bạn làm việc cho tổ chức? Nhờ người đại diện theo pháp luật ủy quyền cho bạn ở dịch vụ này, rồi nhận ủy quyền trong mục Tổ chức của tôi. Sau đó nhờ bên gửi gửi lại yêu cầu.',
    },
    close: 'Đóng yêu cầu',
  },
  ended: {
    approved: { title: 'Bạn đã xác nhận', text: 'Bên yêu cầu sẽ thấy ngay. Bạn có thể đóng trang này.' },
    declined: {
      title: 'Bạn đã từ chối',
      text: 'Không có gì được gửi. Nếu bạn không nhờ ai gửi yêu cầu này, có thể có người biết số định danh của bạn. Không có khóa của bạn thì họ không làm được gì.',
    },
    mismatched: {
      title: 'Mã không khớp, yêu cầu đã bị hủy',
      text: 'Không có gì được gửi. Nếu bạn bấm nhầm, hãy nhờ nhân viên gửi lại yêu cầu.',
    },
    failed: {
      title: 'Chưa gửi được câu trả lời của bạn',
      text: 'Lỗi ở phía chúng tôi. Không có gì được gửi. Hãy nhờ bên yêu cầu gửi lại.',
    },
    answering: {
      title: 'Yêu cầu này đã được trả lời',
      text: 'Mỗi yêu cầu chỉ trả lời được một lần. Nếu bên yêu cầu chưa nhận được, hãy nhờ họ gửi lại.',
    },
  },
}

/** The device grant: a television or a terminal that cannot show our pages itself. */
export const device = {
  back: 'Về trang nhập mã',
  enter: {
    title: 'Nhập mã hiện trên thiết bị',
    lead: 'Thiết bị là máy bạn muốn đăng nhập, ví dụ tivi hoặc máy ở quầy.',
    label: 'Mã trên thiết bị',
    hint: '8 chữ cái, viết hoa hay thường đều được',
    errors: {
      missing: 'Hãy nhập mã đang hiện trên thiết bị.',
      unknown: 'Không có mã này, hoặc mã đã hết hạn. Hãy xem lại mã trên thiết bị.',
      spent: 'Mã này đã được dùng hoặc đã hết hạn. Hãy lấy mã mới trên thiết bị.',
      failed: 'Chưa dùng được mã này. Hãy lấy mã mới trên thiết bị rồi thử lại.',
    },
  },
  caution: 'Chỉ làm tiếp khi thiết bị ở ngay trước mặt bạn. Công an, ngân hàng hay nhân viên hỗ trợ không bao giờ gọi điện, nhắn tin bảo bạn nhập mã ở đây.',
  confirm: {
    title: (service: string) => `Đăng nhập vào ${service} trên một thiết bị khác?`,
    lead: 'Hãy so mã dưới đây với mã trên thiết bị.',
    code: 'Mã',
    organisation: 'Cơ quan, tổ chức',
    asked: 'Thiết bị hỏi lúc',
    yes: 'Đúng mã, tiếp tục',
    no: 'Khác mã, hoặc không phải tôi',
  },
  done: { title: 'Thiết bị đã được đăng nhập', text: 'Bạn có thể đóng trang này và dùng tiếp trên thiết bị.' },
  refused: { title: 'Bạn đã từ\u00a0chối thiết\u00a0bị', text: 'Thiết bị không đăng nhập được và không có gì được gửi. Bạn có thể đóng trang này.' },
}
