import type { BannerSearch } from '#domain/banner/search.ts'
import type { RoleSearch, RoleState } from '#domain/officer/search.ts'
import type { ProposalSearch, ProposalState } from '#domain/proposal/search.ts'

/** The tables of the console: filter, order, pages, file. */
export const listing = {
  filter: 'Lọc và sắp xếp',
  order: 'Sắp xếp theo',
  apply: 'Xem',
  csv: 'Tải về dạng bảng (CSV)',
  next: 'Trang sau',
  previous: 'Trang trước',
  found: (what: string, shown: string, all: string) => `${what}: ${shown} trong ${all}`,
  whatever: 'Tất cả',
  noneSuch: 'Không có dòng nào như vậy.',
  proposals: {
    state: 'Tình trạng',
    states: { waiting: 'Đang chờ', decided: 'Đã quyết định (mọi kết quả)', approved: 'Đã phê duyệt', returned: 'Đã trả lại', withdrawn: 'Đã rút' } satisfies Record<ProposalState, string>,
    subject: 'Mã đối tượng, một phần cũng được',
    orders: { newest: 'Mới nhất trước', oldest: 'Cũ nhất trước', act: 'Việc', subject: 'Đối tượng', decided: 'Lúc quyết định, mới nhất trước' } satisfies Record<ProposalSearch['order'], string>,
    id: 'Mã đề xuất',
  },
  roles: {
    state: 'Tình trạng',
    states: { 'in-force': 'Có hiệu lực', over: 'Đã hết', ended: 'Đã chấm dứt' } satisfies Record<RoleState, string>,
    sector: 'Mã của cơ quan, tổ chức',
    orders: { newest: 'Mới trao trước', oldest: 'Trao lâu nhất trước', role: 'Vai trò', sector: 'Phạm vi', ends: 'Ngày hết' } satisfies Record<RoleSearch['order'], string>,
    none: 'Không có vai trò nào như vậy.',
  },
  banners: {
    text: 'Trong nội dung, không cần dấu',
    orders: { newest: 'Mới đặt trước', oldest: 'Đặt lâu nhất trước', starts: 'Lúc bắt đầu', ends: 'Lúc kết thúc' } satisfies Record<BannerSearch['order'], string>,
  },
  keys: {
    orders: { state: 'Trạng thái', kid: 'Mã khóa', alg: 'Thuật toán', newest: 'Đổi gần nhất trước' },
    none: 'Không có khóa nào như vậy.',
  },
  audit: { orders: { newest: 'Mới nhất trước', oldest: 'Cũ nhất trước' }, later: 'Mới hơn' },
}
