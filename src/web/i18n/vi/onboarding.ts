/** What leads from page to page on the way to the live server. */
export const onboarding = {
  toReview: 'Đề nghị kết nối chờ bạn xem xét',
  allRequests: (count: string) => `Xem tất cả ${count} đề nghị`,
}
