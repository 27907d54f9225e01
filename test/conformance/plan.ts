/**
 * The OpenID Foundation's certification plans, module by module, in the plans' own order. Each has a test of its name in a file
 * of the plan, but for those that wait; `docs/conformance.md` is made from this table.
 */
export type Module = {
  name: string
  /** What the module asks for. */
  asks: string
  result: Result
  /** Why it is not simply passed. */
  because?: string
}

/**
 * `warning`: passed, and the suite would remark on what `because` says. `not applicable`: the suite skips it for a provider like
 * this one; the test proves why. `stricter`: refused here by policy, which the test proves. `waits`: the test comes with the feature.
 * `another variant`: the suite runs it for other ecosystems or options only; there is no test.
 */
export type Result = 'passed' | 'warning' | 'not applicable' | 'stricter' | 'waits' | 'another variant'

export type Plan = { name: string; profile: string; files: readonly string[]; modules: readonly Module[] }

export const passed = (name: string, asks: string): Module => ({ name, asks, result: 'passed' })
export const noted = (name: string, asks: string, [result, because]: readonly [Exclude<Result, 'passed'>, string]): Module => ({ name, asks, result, because })
