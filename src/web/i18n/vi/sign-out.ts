export const signOut = {
  title: 'Đăng xuất?',
  count: (services: string) => `Bạn đang đăng nhập ở ${services} dịch vụ.`,
  legend: 'Bạn muốn đăng xuất ở đâu?',
  only: (service: string) => `Chỉ ${service}`,
  all: 'Tất cả',
  allText: 'Bạn sẽ đăng xuất khỏi định danh điện tử trên máy này.',
  button: 'Đăng xuất',
  done: 'Bạn đã đăng xuất',
  doneText: 'Trên máy dùng chung, hãy đóng trình duyệt.',
}
