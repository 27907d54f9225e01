/** One search over the console. */
export const search = {
  title: 'Tìm trong trang quản trị',
  label: 'Tìm ứng dụng, tổ chức, trang',
  short: 'Ứng dụng, trang',
  button: 'Tìm kiếm',
  lead: 'Gõ tên hoặc mã của ứng dụng, tên tổ chức, hoặc tên một trang; không cần dấu. Bấm phím / để đến ô tìm.',
  results: (sought: string) => `Kết quả cho “${sought}”`,
  none: 'Không có gì có tên như vậy trong phạm vi của bạn.',
  pages: 'Trang',
  clients: 'Ứng dụng',
  all: (count: string) => `Xem cả ${count} ứng dụng`,
  requests: 'Đề nghị kết nối đang chờ',
}
