import { creationOptions, fillIn, requestOptions, type Citizen } from './citizen.ts'
import type { Enrolled } from './journey.ts'
import type { TestServer } from './running.ts'
import { formAt, makeVisitor, type Stop, type Visitor } from './visitor.ts'
import { leaveAt } from './test-clients.ts'

export const dossier = '000.00.19.H29-261104-0001'

/** What an officer and a phone do at a desk, step by step. */
export function atDesk(server: TestServer, { visitor: officer }: Pick<Enrolled, 'visitor'>) {
  return {
    find: async (number: string, purpose = 'level-2'): Promise<Stop> => fillIn(officer, await officer.open(`${server.issuer}/quan-tri/quay`), '/quay', { number, case: dossier, purpose }),
    /** Ticks these, as a browser sends it. */
    async makeCode(page: Stop, ...seen: readonly string[]): Promise<{ page: Stop; code: string | undefined }> {
      const { action, fields } = formAt(page.text, '/ma')
      const made = await officer.submit(new URL(action, page.url), new URLSearchParams([...Object.entries(fields), ...seen.map((kind) => ['seen', kind])]), page.url)
      return { page: made, code: /class="match"[^>]*>(\d{4} \d{4})</.exec(made.text)?.[1] }
    },
    /** On a phone of its own. */
    async typeCode(code: string | undefined): Promise<{ phone: Visitor; page: Stop }> {
      const phone = makeVisitor({ leaveAt })
      return { phone, page: await fillIn(phone, await phone.open(`${server.issuer}/m2`), '/m2', { code: code ?? 'no code' }) }
    },
    sameNumber: async (page: Stop): Promise<Stop> => fillIn(officer, await officer.open(page.url), '/so', { same: 'yes' }),
    /** With a passkey that there is, or one that is made. */
    async answer(phone: Visitor, { authenticator }: Pick<Citizen, 'authenticator'>, act: 'show' | 'make' = 'show'): Promise<{ asked: Stop; end: Stop }> {
      const asked = await phone.open(`${server.issuer}/m2/xac-nhan`)
      const typed: Record<string, string> = act === 'make' ? { attestation: JSON.stringify(authenticator.create(creationOptions(asked))) } : { assertion: JSON.stringify(authenticator.get(requestOptions(asked))) }
      return { asked, end: await fillIn(phone, asked, '/m2/xac-nhan', typed) }
    },
  }
}
