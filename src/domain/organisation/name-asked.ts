import type { OrganisationCode } from './organisation.ts'

/** How a service asks in whose name people act. */
export type NameAsked = {
  /** It has no use for anybody in their own name. */
  only: boolean
  /** By public number, where it asks for these organisations and no other. */
  among?: readonly string[] | undefined
}

/** A request for the number, as OIDC Core §5.5.1 has it. */
type NumberRequest = { essential?: boolean | undefined; value?: string | undefined; values?: readonly string[] | undefined } | null

/** What requests for the number say together, wherever they want it told: it is one number, so it has to do for all of them. */
export function nameAsked(requests: readonly NumberRequest[]): NameAsked {
  const lists = requests.flatMap((request) => {
    const named = [...(request?.value === undefined ? [] : [request.value]), ...(request?.values ?? [])]
    return named.length === 0 ? [] : [named]
  })
  const [first, ...others] = lists
  const among = first?.filter((code) => others.every((list) => list.includes(code)))
  return { only: requests.some((request) => request?.essential === true), ...(among && { among }) }
}

/** Whether the service takes people in the name of this one. */
export const isAskedFor = ({ among }: NameAsked, { code }: { code: OrganisationCode }): boolean => among === undefined || among.includes(code)
