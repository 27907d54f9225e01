import type { Wait } from '#domain/statistic/answer-time.ts'

/** How long the servers take, on the overview of the console. */
export const answerTimes = {
  title: 'Thời gian máy chủ trả lời (p95)',
  wait: 'Bước đăng nhập',
  within: (percent: string) => `${percent} trong 100 lần xong trong`,
  all: 'Số lần',
  none: 'chưa có',
  most: (milliseconds: string) => `${milliseconds} ms`,
  longer: (milliseconds: string) => `hơn ${milliseconds} ms`,
  text: (percent: string) => `Cứ 100 lần thì ${percent} lần nhanh bằng hoặc hơn con số này. Tính trên mọi máy chủ, từ lúc nhận yêu cầu đến lúc gửi câu trả lời; không tính đường truyền và thời gian người dùng mở khóa.`,
  waits: {
    request: 'Nhận yêu cầu của dịch vụ',
    page: 'Hiện trang đăng nhập',
    passkey: 'Kiểm tra khóa truy cập',
    token: 'Cấp token cho dịch vụ',
  } satisfies Record<Wait, string>,
}
