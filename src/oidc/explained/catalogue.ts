import type { Explanation } from './explanation.ts'
import { programErrors } from './programs.ts'
import { requestErrors } from './requests.ts'

const all = { ...requestErrors, ...programErrors }

/** Every error code that this server tells relying parties. What `errors.ts` says has to be among them to compile. */
export type ErrorCode = keyof typeof all

export const catalogue: Readonly<Record<ErrorCode, Explanation>> = all
