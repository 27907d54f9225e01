export const consent = {
  title: (service: string) => `${service} muốn nhận thông tin của bạn`,
  titleLaw: (service: string) => `${service} nhận thông tin của bạn theo quy định`,
  lead: 'Chỉ những mục dưới đây được gửi.',
  leadLaw: (service: string) => `Theo quy định, ${service} nhận các thông tin sau.`,
  listLabel: 'Thông tin được gửi',
  chooseTitle: 'Bạn có thể gửi thêm',
  chooseHint: 'Đánh dấu mục bạn muốn gửi. Không chọn cũng được.',
  sensitive: 'thông tin nhạy cảm',
  purpose: 'Để làm gì',
  basis: 'Căn cứ',
  basisConsent: 'Sự đồng ý của bạn',
  kept: 'Lưu đến khi',
  /** The usual answer for `kept` when the service has named no other end. */
  keptUntilStopped: 'bạn ngừng chia sẻ',
  allow: 'Đồng ý và tiếp tục',
  deny: 'Không đồng ý',
  denyHint: 'Nếu không đồng ý, bạn quay lại dịch vụ và không có gì được gửi.',
}
