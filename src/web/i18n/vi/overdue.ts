/** Requests to connect that nobody answered in time, on the overview. */
export const overdue = {
  title: (count: string, days: string) => `${count} đề nghị kết nối đã quá ${days} ngày mà chưa được trả lời (Nghị định 69/2024 Điều 18)`,
  due: 'Hạn trả lời',
  waitsFor: 'Đang chờ',
  waits: { submitted: 'Người xem xét', proposed: 'Người thứ hai phê duyệt' },
}
