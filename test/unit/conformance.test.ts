import { describe, expect, test } from 'vitest'
import { plans } from '#test/conformance/modules.ts'
import type { Module } from '#test/conformance/plan.ts'
import { conformancePage, drift, testsOf } from '#test/house/conformance.ts'
import { open } from '#test/house/source.ts'

describe.each(plans.map((plan) => [plan.profile, plan] as const))('the conformance plan %s', (_profile, plan) => {
  test('has a test for every module and a module for every test', () => expect(drift(plan, testsOf(plan))).toEqual([]))

  test('gives a reason wherever a module is not simply passed', () => {
    expect(plan.modules.filter(({ result, because }) => (result === 'passed') !== (because === undefined))).toEqual([])
  })
})

describe('a drift is seen:', () => {
  const module = (name: string, result: Module['result'] = 'passed'): Module => ({ name, asks: '', result })

  test.each<[string, Module[], string, string[]]>([
    ['a module without a test', [module('a'), module('b')], "test('a', () => {})", ['b has no test']],
    ['a test without a module', [module('a')], "test('a', () => {})\n  test('b', async () => {})", ['b is tested but not listed']],
    ['a test of what is said to wait', [module('a', 'waits')], "test('a', () => {})", ['a is tested but not listed']],
    ['a test of what is said to be another variant', [module('a', 'another variant')], "test('a', () => {})", ['a is tested but not listed']],
    ['a test that stands there twice', [module('a')], "test('a', x)\ntest('a', y)", ['a is tested twice']],
    ['and tests with sentences for names are nobody’s module', [module('a')], "test('a', x)\ntest('the keys are sound', y)", []],
  ])('%s', (_what, modules, tests, found) => expect(drift({ modules }, tests)).toEqual(found))
})

test('docs/conformance.md says what the table says: after a change, npm run docs', () => {
  expect(open('docs/conformance.md').text).toBe(conformancePage())
})
