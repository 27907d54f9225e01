/** Comparing the face, at the authority's own page. */
export const face = {
  title: (service: string) => `So khuôn mặt để vào ${service}`,
  lead: 'Đây là việc quan trọng, nên cơ quan quản lý cần so khuôn mặt bạn với ảnh trong hồ sơ.',
  list: [
    'Bạn sẽ sang trang của cơ quan quản lý để chụp, khoảng 1 phút.',
    'Ảnh không đi qua trang này và không gửi cho dịch vụ. Dịch vụ chỉ biết là khuôn mặt đã khớp.',
    'Hãy ngồi nơi đủ sáng, bỏ khẩu trang và kính râm.',
  ],
  button: 'Sang trang so khuôn mặt',
  notes: {
    'no-match': 'Khuôn mặt chưa khớp với ảnh trong hồ sơ. Hãy thử lại nơi đủ sáng, hoặc quay lại dịch vụ.',
    inconclusive: 'Ảnh chưa đủ rõ để so. Hãy thử lại nơi đủ sáng.',
    abandoned: 'Bạn đã dừng trước khi so xong. Bấm nút để thử lại.',
    none: 'Lần so này không còn dùng được. Bấm nút để làm lại.',
  },
  pending: {
    title: 'Đang chờ kết quả so khuôn mặt',
    lead: 'Thường mất vài giây. Trang này tự hỏi lại.',
  },
}
