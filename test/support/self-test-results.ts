import { judge, selfTest, selfTestNames, type Result, type SelfTestName } from '#domain/self-test/self-test.ts'

/** What a try of a service without a fault shows: in where it must be, and refused everywhere else. */
export function passed(test: SelfTestName): Result {
  const { wants } = selfTest(test)
  const isIn = wants === 'signed-in' || wants === 'taken'
  return judge(test, { place: '/', status: isIn ? 200 : 400 }, { place: '/', status: 200 })
}

/** A report that is green, step by step. */
export const greenResults: readonly Result[] = selfTestNames.map(passed)
