/** What a service has agreed to, on the pages about it. */
export const agreement = {
  toHealth: 'Tình hình hoạt động của ứng dụng',
  part: 'Thỏa thuận và an toàn hệ thống',
  numberHint: 'Thỏa thuận bằng văn bản về kết nối (Nghị định 69/2024, Điều 18). Để trống nếu chưa có.',
  security: 'Cấp độ an toàn hệ thống thông tin',
  securityHint: 'Theo hồ sơ đã được phê duyệt (Nghị định 85/2016). Nhóm A cần từ cấp 3.',
  noSecurity: 'Chưa có',
  level: (level: number) => `Cấp ${level}`,
  inWords: (number: string, from: string, until: string) => `Số ${number}, ký ngày ${from}, đến hết ngày ${until}`,
}
