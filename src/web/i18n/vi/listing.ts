import type { BannerSearch } from '#domain/banner/search.ts'
import type { ConnectionSearch, ReviewState } from '#domain/connection/search.ts'
import type { DeskSearch, DeskState } from '#domain/desk/search.ts'
import type { FileSearch, FileState } from '#domain/organisation/search.ts'
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
  connections: {
    text: 'Tên ứng dụng, mã thử hoặc mã cơ quan, không cần dấu',
    sector: 'Mã của cơ quan, tổ chức',
    states: {
      waiting: 'Chờ xem xét', overdue: 'Quá hạn trả lời', proposed: 'Chờ người thứ hai phê duyệt', returned: 'Bị trả lại', live: 'Đã hoạt động', withdrawn: 'Đã rút', all: 'Tất cả',
    } satisfies Record<ReviewState, string>,
    orders: { oldest: 'Gửi lâu nhất trước', newest: 'Mới gửi trước', name: 'Tên ứng dụng', sector: 'Tổ chức' } satisfies Record<ConnectionSearch['order'], string>,
    id: 'Mã đề nghị',
    yes: 'có',
    no: 'không',
  },
  desk: {
    text: 'Mã tham chiếu hoặc mã hồ sơ, một phần cũng được',
    state: 'Tình trạng',
    states: { open: 'Đang mở', overdue: 'Quá hạn' } satisfies Record<DeskState, string>,
    orders: { due: 'Hạn giải quyết', newest: 'Mới tiếp nhận trước', oldest: 'Tiếp nhận lâu nhất trước', purpose: 'Việc' } satisfies Record<DeskSearch['order'], string>,
    none: 'Không có hồ sơ nào như vậy.',
  },
  organisations: {
    text: 'Mã hồ sơ, mã số hoặc tên tổ chức, không cần dấu',
    states: {
      open: 'Đang giải quyết', overdue: 'Quá hạn', waiting: 'Chờ xem xét', examined: 'Chờ người thứ hai', issued: 'Đã cấp', refused: 'Đã từ chối', withdrawn: 'Đã rút', all: 'Tất cả',
    } satisfies Record<FileState, string>,
    orders: { due: 'Hạn trả kết quả', newest: 'Mới nộp trước', oldest: 'Nộp lâu nhất trước', name: 'Tên tổ chức', code: 'Mã số' } satisfies Record<FileSearch['order'], string>,
  },
  keys: {
    orders: { state: 'Trạng thái', kid: 'Mã khóa', alg: 'Thuật toán', newest: 'Đổi gần nhất trước' },
    none: 'Không có khóa nào như vậy.',
  },
  audit: { orders: { newest: 'Mới nhất trước', oldest: 'Cũ nhất trước' }, later: 'Mới hơn' },
}
