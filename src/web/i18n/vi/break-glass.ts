/** The sealed key of the emergency (`/quan-tri/khan-cap`). */
export const breakGlass = {
  title: 'Khóa khẩn cấp',
  lead: 'Dùng khi không ai đăng nhập được để ngăn thiệt hại: tạm dừng ứng dụng, chấm dứt vai trò của một cán bộ, vô hiệu khóa ký. Khóa viết trên giấy, niêm phong, dùng một lần tại máy chủ.',
  states: { missing: 'Chưa có khóa khẩn cấp nào dùng được.', 'drill-due': 'Đã hơn 31 ngày chưa diễn tập khóa khẩn cấp.', ready: 'Khóa khẩn cấp sẵn sàng.' },
  sealedAt: 'Niêm phong lúc',
  drilledAt: 'Diễn tập gần nhất',
  spentAt: 'Đã dùng lúc',
  never: 'Chưa diễn tập',
  none: 'Chưa dùng',
  toPage: 'Xem khóa khẩn cấp',
  proposeTitle: 'Đề xuất khóa mới',
  proposeText: 'Khi một người khác phê duyệt, người vận hành chạy lệnh dưới đây tại máy chủ trước mặt hai người, chép khóa ra giấy và niêm phong. Khóa trước hết hiệu lực.',
  command: 'eid officer break-glass seal MÃ_ĐỀ_XUẤT',
  submit: 'Gửi đề xuất',
}
