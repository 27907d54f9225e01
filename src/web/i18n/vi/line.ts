export const line = {
  title: (position: string) => `Đang rất đông, bạn ở vị trí ${position}`,
  about: (wait: string) => `Còn khoảng ${wait}.`,
  lessThanAMinute: 'Còn chưa đến một phút.',
  stay: 'Hãy để trang này mở. Trang tự xem lại và đưa bạn đi tiếp khi đến lượt.',
  kept: 'Bạn không mất chỗ khi tải lại trang, và không cần bấm nhiều lần.',
}
