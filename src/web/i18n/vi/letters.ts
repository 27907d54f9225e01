import type { Expiry } from '#domain/client/expiry.ts'

/** `reference` where there was a request to connect. */
type Ending = { what: string; on: string; client: string; reference: string | undefined }

/** What whoever asked to connect a service is written. Plain text, no link (`mail.ts`). */
export const letters = {
  returned: {
    subject: 'Đề nghị kết nối của bạn cần sửa',
    text: (reference: string) => `Đề nghị kết nối ứng dụng của bạn đã được xem và trả lại để sửa.

Hãy đăng nhập trang Nhà phát triển, mở đề nghị này, đọc lý do, sửa rồi gửi lại.

Mã đề nghị: ${reference}

Định danh điện tử`,
  },
  live: {
    subject: 'Ứng dụng của bạn đã được kết nối',
    text: (reference: string) => `Đề nghị kết nối của bạn đã được phê duyệt. Ứng dụng của bạn đăng nhập được với máy chủ thật từ bây giờ.

Nếu bạn không gửi đề nghị này: hãy báo ngay cho cơ quan quản lý hệ thống và đọc mã dưới đây.

Mã đề nghị: ${reference}

Định danh điện tử`,
  },
  expiry: {
    subject: (days: number) => `Ứng dụng của bạn có thứ sẽ hết hạn trong chưa đầy ${days} ngày`,
    whats: {
      registration: 'thời hạn dùng cấu hình cơ bản (baseline)',
      agreement: 'văn bản thỏa thuận kết nối',
      'registered-certificate': 'chứng thư trong khóa đã đăng ký',
      'shown-certificate': 'chứng thư mà máy chủ của bạn đang dùng',
    } satisfies Record<Expiry['what'], string>,
    text: ({ what, on, client, reference }: Ending) => `Với ứng dụng ${client}, ${what} hết hạn ngày ${on}.

Hãy thay trước ngày đó để người dân vẫn đăng nhập được: gửi khóa, chứng thư hoặc văn bản mới cho cơ quan quản lý hệ thống.

${reference === undefined ? '' : `Mã đề nghị: ${reference}

`}Định danh điện tử`,
  },
  /** Beside an end, where there is little time. */
  soon: 'Còn chưa đầy 7 ngày',
  over: 'Đã hết hạn',
}
