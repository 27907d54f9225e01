/** Programs that register themselves (RFC 7591). */
export const selfRegistration = {
  title: 'Chương trình tự đăng ký',
  text: 'Thư viện của bạn biết đăng ký động (RFC 7591)? Lấy một mã đăng ký cho nó. Ứng dụng tạo bằng mã là của bạn và tính vào 20 ứng dụng.',
  button: 'Lấy mã đăng ký',
  shown: 'Mã đăng ký',
  once: (until: string) => `Chỉ hiện một lần này, dùng được một lần, đến ${until}. Ai có mã này đều tạo được một ứng dụng đứng tên bạn.`,
  token: 'Mã (initial access token)',
  endpoint: 'Địa chỉ đăng ký (registration_endpoint)',
  how: 'Ví dụ với openid-client:',
  noRoom: 'Bạn đã có 20 ứng dụng thử và mã đăng ký chưa dùng. Hãy xóa bớt một ứng dụng, hoặc chờ mã cũ hết hạn sau một giờ.',
}
