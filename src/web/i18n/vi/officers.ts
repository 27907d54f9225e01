import type { KeyStandingOfStaff, StaffSearch } from '#domain/officer/staff.ts'

/** Who works for the system (`/quan-tri/can-bo`). */
export const officers = {
  title: 'Cán bộ',
  lead: 'Ai giữ vị trí nào, ở đâu, đến bao giờ, lần gần nhất đăng nhập vào các trang của hệ thống này, và bằng khóa gì. Bạn chỉ thấy những người mình quản lý.',
  where: 'Quầy và ca, hoặc phạm vi',
  place: 'Tên quầy hoặc xã, phường, không cần dấu',
  time: 'Từ – đến hết',
  lastSignIn: 'Đăng nhập gần nhất',
  never: 'Chưa lần nào',
  keys: 'Khóa',
  count: 'Số khóa',
  standings: { attested: 'Phần cứng được chứng thực', unattested: 'Chưa được chứng thực', none: 'Không có khóa' } satisfies Record<KeyStandingOfStaff, string>,
  named: {
    caption: 'Các khóa sẽ được quyền quyết định',
    ask: 'Khi vai trò được trao, mọi khóa dưới đây ký được với tư cách người nhận vai trò. Hãy hỏi trực tiếp người đó: có khóa nào không phải của họ thì đừng phê duyệt.',
    key: 'Tên khóa do người đó đặt',
    unnamed: '(chưa đặt tên)',
    maker: 'Loại khóa',
    added: 'Thêm vào lúc',
    late: 'sau khi đề xuất',
    attested: 'Chứng thực',
  },
  countedKeys: (standing: string, count: string) => `${standing} (${count})`,
  orders: {
    newest: 'Mới trao trước', oldest: 'Trao lâu nhất trước', role: 'Vai trò', desk: 'Xã, phường và quầy', ends: 'Ngày hết', unseen: 'Lâu không đăng nhập trước',
  } satisfies Record<StaffSearch['order'], string>,
}
