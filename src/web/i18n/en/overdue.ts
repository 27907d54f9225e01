import type { Texts } from '#web/i18n/vi.ts'

export const overdue: Texts['overdue'] = {
  title: (count, days) => `Requests to connect that were not answered within ${days} days (Decree 69/2024 Art 18): ${count}`,
  due: 'Answer was due',
  waitsFor: 'Waits for',
  waits: { submitted: 'A reviewer', proposed: 'A second person' },
}
