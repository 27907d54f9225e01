import type { Office } from '#domain/notice/office.ts'

/** What is known of whom a text speaks to: `either` where nobody is signed in, so that it names both offices (Decree 69/2024 Art 10.2, 11.2). */
export type Reader = Office | 'either'

/** What somebody takes with them, and where to: after "mang". */
export const bring: Record<Reader, string> = {
  commune: 'thẻ căn cước đến Công an xã, phường bất kỳ',
  immigration: 'hộ chiếu đến cơ quan quản lý xuất nhập cảnh',
  either: 'thẻ căn cước đến Công an xã, phường bất kỳ (người nước ngoài: hộ chiếu, đến cơ quan quản lý xuất nhập cảnh)',
}

/** Where they are heard. */
export const place: Record<Reader, string> = {
  commune: 'Công an xã, phường gần nhất',
  immigration: 'cơ quan quản lý xuất nhập cảnh',
  either: 'Công an xã, phường gần nhất (người nước ngoài: cơ quan quản lý xuất nhập cảnh)',
}
