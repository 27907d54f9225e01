import type { ChipTrouble } from '#domain/chip/reason.ts'
import type { DeskFault } from '#domain/desk/fault.ts'
import type { Biometrics, DeskEnding, Purpose, SeenKind, TakeOver } from '#domain/desk/rules.ts'
import type { Stage } from '#domain/desk/stage.ts'
import type { Office } from '#domain/notice/office.ts'

type Shift = { desk: string; commune: string; office: Office; from: string; until: string; days: string }

/** Desks of the police are named by their commune, those of the immigration authority by themselves. */
export const authority = (office: Office, commune: string): string => (office === 'immigration' ? commune : `Công an ${commune}`)
const nearest: Record<Office, string> = { commune: 'Công an xã, phường gần nhất', immigration: 'cơ quan quản lý xuất nhập cảnh' }
const anew: Record<Office, string> = { commune: 'thẻ căn cước đến Công an xã, phường bất kỳ', immigration: 'hộ chiếu đến cơ quan quản lý xuất nhập cảnh' }

/** The desk of officers (`/quan-tri/quay`), its letters and its receipt. */
export const desk = {
  title: 'Quầy',
  at: (place: string, commune: string, office: Office) => `${place}, ${authority(office, commune)}`,
  number: 'Số định danh cá nhân',
  recorded: 'Người dân sẽ thấy lần tra cứu này, mã hồ sơ và lý do.',
  purpose: 'Người dân đến để',
  purposes: { 'level-2': 'Nâng lên mức 2', recovery: 'Lấy lại tài khoản' } satisfies Record<Purpose, string>,
  purposeHints: { 'level-2': 'Có hoặc chưa có tài khoản.', recovery: 'Mất điện thoại: các khóa cũ bị thu hồi, người dân tạo khóa mới.' } satisfies Record<Purpose, string>,
  find: 'Ghi lại và tìm',
  numberFault: 'Hãy nhập đủ 12 chữ số.',
  passportFault: 'Số hộ chiếu có từ 4 đến 20 chữ cái và chữ số.',
  countryFault: 'Chọn nước cấp hộ chiếu.',
  passport: 'Hộ chiếu',
  residenceCard: 'Thẻ thường trú hoặc thẻ tạm trú',
  biometrics: 'Khuôn mặt và vân tay trong cơ sở dữ liệu xuất nhập cảnh',
  biometricsOf: { 'on-record': 'Đã có', missing: 'Chưa có, thu nhận tại quầy này' } satisfies Record<Biometrics, string>,
  dueIn: (days: number) => `Hạn nâng mức 2: ${days} ngày làm việc.`,
  biometricsFault: 'Hãy cho biết đã có khuôn mặt và vân tay hay chưa.',
  biometricsFirst: 'Thu nhận khuôn mặt và vân tay vào cơ sở dữ liệu xuất nhập cảnh trước khi tạo mã.',
  purposeFault: 'Hãy chọn việc người dân cần.',
  faults: {
    unknown: 'Không có ai mang số này. Hãy đối chiếu lại với thẻ.',
    'not-citizen': 'Người nước ngoài nâng mức 2 tại cơ quan quản lý xuất nhập cảnh (Nghị định 69/2024, Điều 11.2).',
    'not-foreigner': 'Quầy quản lý xuất nhập cảnh chỉ phục vụ người nước ngoài. Công dân nâng mức 2 tại Công an xã, phường.',
    'not-alive': 'Theo dữ liệu dân cư, người này không còn sống hoặc đang mất tích. Không cấp được tài khoản. Nếu báo nhầm, nơi đăng ký hộ tịch đính chính trước, sau đó hãy tìm lại tại đây và chọn “Nâng lên mức 2”.',
    represented: 'Người dưới 14 tuổi hoặc được giám hộ không có khóa riêng nên không có gì để lấy lại: người đại diện dùng khóa của chính mình. Hãy chọn “Nâng lên mức 2”.',
    'no-representative': 'Người này dưới 14 tuổi hoặc được giám hộ. Chưa có người đại diện nào làm được việc này: phải có tên và số định danh trong cơ sở dữ liệu, có tài khoản mức 2 đang dùng được, và bạn không phải là người đại diện của họ. Nếu bạn cũng là người đại diện thì cán bộ khác làm việc này.',
    'no-valid-card': 'Thẻ căn cước đã hết hạn hoặc chưa có, hoặc hộ chiếu, thẻ cư trú của người nước ngoài đã hết hạn. Hãy làm giấy tờ trước.',
    'not-entitled': 'Người này không thuộc diện được cấp mức 2 (Nghị định 69/2024, Điều 7).',
    'no-account': 'Người này chưa có tài khoản. Hãy chọn “Nâng lên mức 2”.',
    already: 'Tài khoản đã ở mức 2. Nếu người dân mất điện thoại, hãy chọn “Lấy lại tài khoản”.',
    locked: 'Tài khoản đang khóa. Phải mở khóa ở nơi đã khóa trước.',
    held: 'Tài khoản vừa được lấy lại bằng mã khôi phục và đang tạm giữ. Hãy chọn “Lấy lại tài khoản”: các khóa cũ sẽ bị xóa.',
    office: 'Người này đang giữ vai trò quản trị. Hai người phải kết thúc các vai trò đó trước, rồi cấp lại sau.',
    elsewhere: 'Người này đang có hồ sơ mở ở xã, phường khác. Để tiếp nhận hồ sơ đó tại đây, hãy chọn lý do bên dưới.',
    'chip-doubtful': 'Chip của thẻ này không được tin, nên chưa tạo được mã. Hãy mở mục chip của thẻ để biết nghi ngờ kết thúc thế nào, hoặc từ chối hồ sơ.',
    'chip-unread': 'Phải đọc chip của thẻ trước khi tạo mã.',
  } satisfies Record<DeskFault, string>,
  takeOver: 'Tiếp nhận hồ sơ đang mở ở nơi khác',
  takeOverHint: 'Mã đã tạo ở nơi kia bị hủy. Lý do được ghi lại, nơi kia không còn thấy hồ sơ.',
  takeOvers: {
    'came-here': 'Người dân đến quầy này và muốn làm tiếp tại đây',
    'left-open': 'Quầy kia đã quên kết thúc hồ sơ',
    'desk-closed': 'Quầy kia đóng cửa hoặc không làm được',
  } satisfies Record<TakeOver, string>,
  waiting: 'Hồ sơ đang mở',
  none: 'Không có hồ sơ nào đang mở.',
  late: (count: number) => `${count} hồ sơ đã quá hạn. Hãy giải quyết hoặc từ chối có lý do.`,
  onlyLate: 'Chỉ xem hồ sơ quá hạn',
  overdue: 'Quá hạn',
  findAgain: 'Muốn mở hồ sơ của đồng nghiệp hoặc hồ sơ cũ hơn một giờ, hãy tìm lại bằng số định danh.',
  reference: 'Mã tham chiếu',
  case: 'Mã hồ sơ',
  received: 'Tiếp nhận lúc',
  due: 'Hạn giải quyết',
  decided: 'Kết thúc lúc',
  stage: 'Tình trạng',
  stages: {
    new: 'Chưa tạo mã', waiting: 'Chờ nhập mã', comparing: 'Chờ so số', answering: 'Chờ xác nhận trên điện thoại', denied: 'Mã đã hủy', over: 'Mã hết hạn', done: 'Xong', refused: 'Đã từ chối',
  } satisfies Record<Stage, string>,
  shift: ({ desk: place, commune, office, from, until, days }: Shift) => `${place}, ${authority(office, commune)}: ${from}–${until}, ${days}`,
  days: { 5: 'thứ Hai đến thứ Sáu', 6: 'thứ Hai đến thứ Bảy', 7: 'mọi ngày' } satisfies Record<5 | 6 | 7, string>,
  /** Where a role is proposed that works at a desk. */
  post: {
    legend: 'Quầy và ca làm việc (chỉ cho cán bộ cấp tài khoản)',
    deskName: 'Tên quầy', commune: 'Xã, phường', communeHint: 'Như: phường Bến Thành', badge: 'Tên hoặc số hiệu người dân sẽ đọc', badgeHint: 'Như: Cán bộ Nguyễn Văn An. Để trống: không hiện tên.',
    shiftFrom: 'Ca bắt đầu', shiftUntil: 'Ca kết thúc', timeHint: 'Giờ Việt Nam, như 07:30', shiftDays: 'Ngày làm việc',
    fault: 'Hãy nhập đủ quầy, xã phường, giờ bắt đầu và kết thúc (như 07:30, 17:00) và ngày làm việc.',
  },
  offDuty: {
    title: 'Ngoài ca làm việc',
    text: 'Quầy chỉ mở trong ca của bạn:',
    noPost: 'Bạn chưa được phân công quầy nào.',
    todo: 'Nếu ca làm việc đã thay đổi, hãy nhờ người quản lý cán bộ đề xuất lại vai trò của bạn.',
  },
  applicationTitle: (purpose: string, reference: string) => `${purpose}, hồ sơ ${reference}`,
  record: 'Dữ liệu dân cư',
  name: 'Họ và tên',
  birthDate: 'Ngày sinh',
  sex: 'Giới tính',
  sexes: { male: 'Nam', female: 'Nữ' },
  residence: 'Nơi thường trú',
  card: 'Thẻ căn cước',
  cardText: ({ issuedOn, expiresOn }: { issuedOn: string; expiresOn: string }) => `Cấp ngày ${issuedOn}, giá trị đến ${expiresOn}`,
  noEnd: 'không thời hạn',
  representative: 'Người đại diện',
  withRepresentative: 'Người này chưa tự mình làm được. Người đại diện phải có mặt và xác nhận trên điện thoại của họ; không tạo khóa nào cho người được đại diện. Khóa, mã khôi phục, địa chỉ liên hệ và phiên đăng nhập đã có của tài khoản đều bị hủy khi lên mức 2.',
  seen: 'Bạn đã thấy gì?',
  seenHint: 'Chỉ đánh dấu điều bạn tự mình thấy. Được lưu làm bằng chứng, cùng tên bạn.',
  seenKinds: {
    'card-seen': 'Người dân đưa thẻ căn cước thật của chính mình, còn nguyên vẹn',
    'passport-seen': 'Người nước ngoài đưa hộ chiếu thật của chính mình, còn nguyên vẹn',
    'biometrics-taken': 'Đã thu nhận khuôn mặt và vân tay vào cơ sở dữ liệu xuất nhập cảnh',
    'face-compared': 'Khuôn mặt khớp với ảnh trên thẻ căn cước',
    'representative-seen': 'Người đại diện có tên ở trên cùng có mặt, đưa thẻ căn cước của mình và khuôn mặt khớp',
  } satisfies Record<SeenKind, string>,
  facePassport: 'Khuôn mặt khớp với ảnh trên hộ chiếu',
  seenFault: 'Phải đánh dấu đủ các mục mới tạo được mã. Nếu giấy tờ hoặc khuôn mặt không khớp, hãy từ chối.',
  contacts: 'Người dân còn dùng nơi nhận thông báo nào?',
  contactsHint: 'Hỏi người dân từng mục. Mục không đánh dấu sẽ bị gỡ khi người dân xác nhận, và nơi đó được báo là đã bị gỡ.',
  noContacts: 'Tài khoản không có email hay số điện thoại nào.',
  chip: {
    title: (reference: string) => `Chip của thẻ, hồ sơ ${reference}`,
    heading: 'Chip của thẻ',
    open: 'Đọc chip',
    openDoubt: 'Xem vì sao và đề nghị bỏ nghi ngờ',
    unread: 'Chưa đọc.',
    verified: (at: string) => `Chip đúng, đã đọc lúc ${at}. Được lưu làm bằng chứng.`,
    doubtful: (at: string) => `Chip đọc lúc ${at} không được tin. Chưa tạo được mã cho người này, ở quầy nào cũng vậy.`,
    doubts: 'Điều còn nghi ngờ về thẻ',
    doubtAt: ({ at, reference, commune, reason }: { at: string; reference: string; commune: string; reason: string }) => `Lúc ${at}, ${commune}, hồ sơ ${reference}: mã lỗi ${reason}`,
    doubtEnds: (hours: number) => `Đọc lại thẻ không bỏ được nghi ngờ. Nghi ngờ hết khi người quản lý cán bộ phê duyệt đề nghị của bạn. Thẻ của người khác đọc nhầm: hết sau ${hours} giờ. Thẻ hết hiệu lực: hết khi người dân được cấp thẻ mới.`,
    endReason: 'Vì sao không còn nghi ngờ',
    askEnd: 'Đề nghị người quản lý bỏ nghi ngờ',
    endAsked: 'Đề nghị bỏ nghi ngờ đã gửi, đang chờ người quản lý cán bộ quyết định.',
    readOn: 'Đọc lúc',
    found: 'Kết quả đọc',
    readBy: 'Cán bộ đọc',
    lead: 'Máy đọc cần một mã. Mã đọc được một thẻ, một lần, chỉ cho hồ sơ này.',
    pair: 'Tạo mã cho máy đọc',
    pairAgain: 'Tạo mã mới để đọc lại',
    give: (place: string) => `Quét hình này bằng máy đọc, hoặc nhập mã vào máy đọc tại ${place}:`,
    scanLabel: 'Mã QR cho máy đọc chip',
    until: (time: string) => `Mã dùng được đến ${time}. Trang này tự cập nhật.`,
    asked: 'Máy đọc đang đọc thẻ. Giữ yên thẻ trên máy.',
    elsewhere: (time: string) => `Máy đọc của cán bộ khác đang đọc thẻ của người này. Hãy đợi kết quả, chậm nhất đến ${time}. Trang này tự chuyển khi xong.`,
    reason: (at: string, reason: string) => `Lúc ${at}, mã lỗi ${reason}. Hãy đọc mã này khi báo lỗi.`,
    troubles: {
      unreadable: 'Không đọc được trọn vẹn. Hãy lau thẻ, đặt lại và đọc lần nữa. Nếu vẫn vậy, chip đã hỏng: người dân cần đổi thẻ.',
      forged: 'Dữ liệu trong chip không do Nhà nước ký hoặc đã bị sửa. Không cấp mức 2. Hãy giữ thẻ lại theo quy định và báo cáo kèm mã lỗi.',
      copied: 'Chip này chép dữ liệu của một thẻ khác. Không cấp mức 2. Hãy giữ thẻ lại theo quy định và báo cáo kèm mã lỗi.',
      'out-of-force': 'Thẻ hoặc chứng thư ký thẻ không còn hiệu lực. Người dân cần đổi thẻ trước.',
      'other-card': 'Đây là thẻ của người khác. Hãy đối chiếu lại thẻ với người đứng tại quầy.',
      stale: 'Máy đọc trả lời quá muộn. Hãy tạo mã mới và đọc lại.',
      setup: 'Hệ thống chưa kiểm tra được thẻ nào. Hãy báo người vận hành kèm mã lỗi.',
      unsupported: 'Chip này không kiểm tra được. Hãy làm tiếp như với thẻ không có chip.',
    } satisfies Record<ChipTrouble, string>,
  },
  makeCode: 'Tạo mã xác nhận',
  sayFor: (place: string) => `Trên điện thoại của mình, người đại diện mở ${place} và nhập mã:`,
  say: (place: string) => `Trên điện thoại của mình, người dân mở ${place} và nhập mã:`,
  scan: 'Hoặc quét hình này bằng máy ảnh của điện thoại: trang mở ra với mã đã điền sẵn.',
  scanLabel: 'Mã QR mở trang nhập mã, đã điền sẵn mã',
  until: (time: string) => `Mã dùng được một lần, đến ${time}.`,
  revokes: 'Khi người dân xác nhận, mọi khóa truy cập và mã khôi phục cũ bị thu hồi, mọi phiên đăng nhập kết thúc.',
  compare: 'Nhìn điện thoại của người dân. Trên đó có đúng số này không?',
  compareFor: 'Nhìn điện thoại của người đại diện. Trên đó có đúng số này không?',
  cancelCode: 'Hủy mã này',
  same: 'Có, đúng số này',
  notSame: 'Không, khác số hoặc chưa có số',
  answering: 'Người dân đang xác nhận trên điện thoại. Trang này tự cập nhật.',
  answeringFor: 'Người đại diện đang xác nhận trên điện thoại. Trang này tự cập nhật.',
  ended: { denied: 'Mã đã bị hủy. Nếu vì số không khớp: có thể một máy khác đã nhập mã. Hãy tạo mã mới.', over: 'Mã đã hết hạn. Hãy tạo mã mới.' },
  elsewhere: 'Mã của hồ sơ này được tạo ở một trình duyệt khác. Tạo mã mới ở đây thì mã kia bị hủy.',
  done: 'Hoàn tất. Bạn đã ở mức 2',
  doneText: {
    'level-2': (name: string) => `${name} đã ở mức 2, có hiệu lực ngay.`,
    recovery: (name: string) => `${name} đã có khóa mới và ở mức 2. Các khóa cũ không dùng được nữa.`,
  } satisfies Record<Purpose, (name: string) => string>,
  refusedText: (reason: string) => `Từ chối: ${reason}`,
  doneFor: 'Hoàn tất. Tài khoản đã ở mức 2',
  next: 'Người tiếp theo (Alt+N)',
  refuseTitle: 'Từ chối hoặc in giấy tiếp nhận',
  refusal: 'Lý do từ chối',
  refusalHint: 'Người dân nhận thông báo và đọc lý do này trên biên nhận.',
  refusals: {
    'not-the-person': 'Khuôn mặt không khớp với ảnh trên giấy tờ',
    'card-doubtful': 'Giấy tờ hư hỏng hoặc có dấu hiệu bị sửa',
    'data-differ': 'Thông tin trên giấy tờ khác dữ liệu đã có',
    withdrawn: 'Người dân không làm nữa',
    lapsed: 'Không ai giải quyết trong nhiều ngày, hồ sơ tự khép lại',
  } satisfies Record<DeskEnding, string>,
  refusalFault: 'Hãy chọn lý do từ chối.',
  refuse: 'Từ chối hồ sơ',
  receipt: 'Biên nhận để in',
  receiptTitle: (reference: string) => `Biên nhận ${reference}`,
  outcome: 'Kết quả',
  receiptOpen: 'Đang giải quyết',
  receiptDone: { 'level-2': 'Tài khoản đã ở mức 2', recovery: 'Đã có khóa mới; các khóa cũ đã thu hồi' } satisfies Record<Purpose, string>,
  place: 'Nơi tiếp nhận',
  receiptText: (office: Office) => `Không phải bạn đã làm việc này? Hãy đến ${nearest[office]} và đọc mã tham chiếu.`,
  print: 'Để in, bấm Ctrl+P.',
  mail: {
    recovered: {
      subject: 'Tài khoản định danh của bạn có khóa mới',
      text: (reference: string, at: string, office: Office) => `Lúc ${at}, tài khoản của bạn được lấy lại tại quầy. Mọi khóa truy cập và mã khôi phục cũ không dùng được nữa, mọi phiên đăng nhập đã kết thúc.

Không phải bạn? Hãy đến ngay ${nearest[office]} và đọc mã tham chiếu.

Mã tham chiếu: ${reference}

Định danh điện tử`,
    },
    lapsed: {
      subject: 'Hồ sơ của bạn tại quầy đã khép lại',
      text: (reference: string, at: string, office: Office) => `Lúc ${at}, hồ sơ của bạn tại quầy tự khép lại vì không ai giải quyết trong nhiều ngày. Tài khoản của bạn không thay đổi.

Bạn còn cần làm việc này? Hãy mang ${anew[office]} để làm lại từ đầu.

Mã tham chiếu: ${reference}

Định danh điện tử`,
    },
    refused: {
      subject: 'Hồ sơ của bạn tại quầy bị từ chối',
      text: (reference: string, at: string, office: Office) => `Lúc ${at}, hồ sơ của bạn tại quầy bị từ chối. Tài khoản của bạn không thay đổi. Lý do ghi trên biên nhận; bạn có thể hỏi lại tại quầy.

Không phải bạn đã đến quầy? Hãy đến ${nearest[office]} và đọc mã tham chiếu.

Mã tham chiếu: ${reference}

Định danh điện tử`,
    },
  },
}
