/** The sandbox's own sign-in page. */
export const sandbox = {
  people: {
    title: 'Chọn một người thử nghiệm',
    lead: 'Bấm một lần là đăng nhập bằng passkey phần mềm. Không ai trong số này có thật.',
    notes: {
      ordinary: 'Người trưởng thành bình thường',
      stacked: 'Tên có nhiều dấu chồng',
      'level-1': 'Tài khoản mức 1',
      'single-name': 'Tên chỉ có một chữ',
      'long-name': 'Tên rất dài',
      'foreigner-level-2': 'Người nước ngoài ở mức 2, thẻ tạm trú',
      foreigner: 'Người nước ngoài, tên không dấu Việt',
      ethnic: 'Tên của người Ê Đê, có chữ ĭ và ă',
      old: 'Chỉ biết năm sinh',
      young: 'Dưới 18 tuổi',
      moved: 'Đã đổi số định danh',
      'no-contact': 'Không có email và điện thoại',
      locked: 'Tài khoản đang khóa: không vào được',
    },
    or: 'hoặc dùng passkey của riêng bạn',
  },
}
