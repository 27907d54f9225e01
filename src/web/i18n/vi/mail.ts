import type { Office } from '#domain/notice/office.ts'
import { place } from './in-person.ts'

/** What a foreigner is known by is the passport, what everybody else is, the number. */
const tried: Record<Office, string> = { commune: 'số định danh cá nhân', immigration: 'hộ chiếu' }

/** Plain text only: it reads the same everywhere, carries no tracker and no link that teaches people to click. */
export const mail = {
  code: {
    subject: (code: string) => `${code} là mã kiểm tra email của bạn`,
    text: (code: string, minutes: number) => `Mã kiểm tra email: ${code}

Nhập mã này vào trang đăng ký định danh điện tử. Mã có hiệu lực ${minutes} phút và chỉ dùng một lần.

Không đọc mã này cho bất kỳ ai, kể cả người tự nhận là cán bộ.
Nếu bạn không đăng ký, hãy bỏ qua thư này. Không có gì thay đổi.

Định danh điện tử`,
  },
  attempt: {
    subject: (office: Office) => `Có người thử đăng ký bằng ${tried[office]} của bạn`,
    text: (at: string, office: Office) => `Lúc ${at}, có người thử đăng ký tài khoản mới bằng ${tried[office]} của bạn.

Tài khoản của bạn không thay đổi. Người đó không biết bạn đã có tài khoản.

Nếu đó là bạn: hãy đăng nhập bằng khóa truy cập đã có.
Nếu không phải bạn: bạn không cần làm gì. Nếu việc này lặp lại, hãy báo ${place[office]}.

Định danh điện tử`,
  },
}
