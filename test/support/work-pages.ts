import { clientId } from '#kernel/id.ts'
import type { Report } from '#domain/self-test/report.ts'
import type { Html } from '#web/html.ts'
import type { View } from '#web/page.ts'
import { confirmAgainPage } from '#web/views/admin/confirm-again.ts'
import { noRoomPage } from '#web/views/developer/registration.ts'
import { faultBusyPage } from '#web/views/developer/requests.ts'
import { selfTestPage, type SelfTestPage } from '#web/views/developer/self-test.ts'
import { greenResults } from './self-test-results.ts'

const [begun, ended] = [new Date('2026-11-26T03:00:00Z'), new Date('2026-11-26T03:02:00Z')]
const addresses = { initiate: 'https://dichvu.example/dang-nhap/bat-dau?quay-ve=%2Fho-so', logout: 'https://dichvu.example/dang-xuat' }
const report: Report = { client: clientId.parse('thu'), startedAt: begun, finishedAt: ended, addresses, results: greenResults }
const tested: SelfTestPage = { service: { id: 'thu', name: 'Cổng dịch vụ công trực tuyến của thành phố' }, typed: addresses, faults: {}, report, green: true, fresh: true, days: 30 }
const leftOut: Report['results'] = report.results.map((one) => (one.test.startsWith('logout') ? { test: one.test, passed: false, saw: 'left-out' } : one))

/** Pages of the console and of the portal for developers that are seldom come upon. */
export const workPages: Readonly<Record<string, (view: View) => Html>> = {
  'confirm again, a change at work': (view) => confirmAgainPage(view, { action: '/quan-tri/can-bo/nhieu', typed: { list: 'number,role,ends_on\n', reason: 'Đổi vị trí' }, door: '/quan-tri/da-xac-nhan' }),
  'a registration token, no room': noRoomPage,
  'a fault, all places taken': (view) => faultBusyPage(view, 'thu'),
  'self-test, none yet': (view) => selfTestPage(view, { ...tested, report: undefined, green: false, fresh: false }),
  'self-test, green': (view) => selfTestPage(view, tested),
  'self-test, green, signing out left out': (view) => selfTestPage(view, { ...tested, report: { ...report, results: leftOut } }),
  'self-test, green a while ago': (view) => selfTestPage(view, { ...tested, fresh: false }),
  'self-test, resting': (view) => selfTestPage(view, { ...tested, refused: 'resting' }),
}
