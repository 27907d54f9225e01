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
  passkeyAdded: {
    subject: 'Một khóa mới đã được thêm vào tài khoản của bạn',
    text: (at: string) => `Lúc ${at}, một khóa mới đã được thêm vào tài khoản định danh điện tử của bạn. Khóa này đăng nhập được như các khóa khác.

Nếu đó là bạn: bạn không cần làm gì.
Nếu không phải bạn: hãy mở trang Định danh của tôi và xóa khóa đó. Không mở được? Hãy đến ngay Công an xã, phường gần nhất.

Định danh điện tử`,
  },
  recovered: {
    subject: 'Tài khoản của bạn vừa được lấy lại bằng mã khôi phục',
    text: (at: string, until: string) => `Lúc ${at}, có người dùng một mã khôi phục đã in để tạo khóa mới cho tài khoản định danh điện tử của bạn. Đến ${until}, tài khoản chỉ dùng được như mức 1.

Nếu đó là bạn: bạn không cần làm gì.
Nếu không phải bạn: hãy mở trang Định danh của tôi, xóa khóa lạ và tạo bộ mã mới. Không mở được? Hãy đến ngay Công an xã, phường gần nhất.

Định danh điện tử`,
  },
  passkeyRemoved: {
    subject: 'Một khóa đã bị xóa khỏi tài khoản của bạn',
    text: (at: string) => `Lúc ${at}, một khóa đã bị xóa khỏi tài khoản định danh điện tử của bạn. Khóa đó không đăng nhập được nữa.

Nếu đó là bạn: bạn không cần làm gì.
Nếu không phải bạn: hãy mở trang Định danh của tôi, xem lại các khóa còn lại và bấm Khóa tài khoản. Không mở được? Hãy đến ngay Công an xã, phường gần nhất.

Định danh điện tử`,
  },
  attempt: {
    subject: 'Có người thử đăng ký bằng số định danh của bạn',
    text: (at: string) => `Lúc ${at}, có người thử đăng ký tài khoản mới bằng số định danh cá nhân của bạn.

Tài khoản của bạn không thay đổi. Người đó không biết bạn đã có tài khoản.

Nếu đó là bạn: hãy đăng nhập bằng khóa truy cập đã có.
Nếu không phải bạn: bạn không cần làm gì. Nếu việc này lặp lại, hãy báo Công an xã, phường gần nhất.

Định danh điện tử`,
  },
}
