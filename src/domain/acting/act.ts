import { dayInVietnam } from '#kernel/clock.ts'
import { accountId, organisationId, type AccountId, type InteractionId, type OrganisationId } from '#kernel/id.ts'
import { Problem } from '#kernel/problem.ts'
import { standing } from '#domain/account/account.ts'
import type { Evidence } from '#domain/assurance/evidence.ts'
import type { AuditLog } from '#domain/audit/event.ts'
import type { Client } from '#domain/client/client.ts'
import type { NameAsked } from '#domain/organisation/name-asked.ts'
import { officesAsked, type InName, type OfficeTools } from '#domain/organisation/offices.ts'
import type { OrganisationStore } from '#domain/organisation/store.ts'
import type { ProvenStore } from './store.ts'
import { takesWards, tieOf, wardsOf, type WardTools } from './ward.ts'

export type ActingTools = WardTools & OfficeTools

/** What a service asks: people act in the name of an organisation only where its request names that scope. */
export type Asked = { client: Client; organisation: NameAsked | undefined }

/** For whom somebody may act: a ward by an account of the ward's own, or an organisation in which they hold an office. */
export type Choice = { account: AccountId; name: string; tie: 'parent' | 'guardian' } | InName

/** Those for whom somebody who has just signed in may act at this client: wards who have an account, and organisations; these alone where the service asks for nothing else. */
export async function choicesAt(tools: ActingTools, { client, organisation: asked }: Asked, account: AccountId): Promise<readonly Choice[]> {
  const [wards, offices] = await Promise.all([takesWards(client) && asked?.only !== true ? wardsOf(tools, account) : [], officesAsked(tools, client, { account, asked })])
  const today = dayInVietnam(tools.clock.now())
  // What is closed serves nobody, and is not offered to be refused.
  const open = wards.flatMap(({ person, account: theirs, tie }) => (theirs !== undefined && standing(theirs, person.life.status, today).is === 'usable' ? [{ account: theirs.id, name: person.name, tie: tie.as }] : []))
  return [...open, ...offices]
}

type Tools = ActingTools & { proven: Pick<ProvenStore, 'take'>; audit: AuditLog; organisations: Pick<OrganisationStore, 'choose'> }
type Answer = { account: AccountId; evidence: Evidence }

/** How a form names an organisation, beside the accounts of wards. */
export const organisationChoice = (id: OrganisationId): string => `${prefix}${id}`
const prefix = 'organisation:'

/** Which organisation such a choice names; nobody but the form's own words. */
export function organisationIn(choice: string): OrganisationId | undefined {
  return choice.startsWith(prefix) ? organisationId.safeParse(choice.slice(prefix.length)).data : undefined
}

/**
 * The answer to "for whom?", once for each passkey that was shown: for themself, or for somebody whom the register lets them act for at this
 * very moment. What a browser sends is not believed: nobody answers for themself or a ward where the service has a use for organisations alone. Throws
 * `passkey.challenge-spent` where the proof was used or is too old, and `acting.not-allowed`, which is recorded.
 */
export async function choose(tools: Tools, { interaction, choice, ...asked }: Asked & { interaction: InteractionId; choice: string }): Promise<Answer> {
  const proven = await tools.proven.take(interaction)
  if (proven === undefined) throw new Problem('passkey.challenge-spent')
  if (asked.organisation?.only === true && !choice.startsWith(prefix)) {
    await tools.audit.append({ type: 'login.refused', client: asked.client.id, account: proven.account, reason: 'acting.not-allowed' })
    throw new Problem('acting.not-allowed')
  }
  if (choice === 'self') {
    if (asked.organisation !== undefined) await tools.organisations.choose(proven.account, asked.client.id, null)
    return proven
  }
  return choice.startsWith(prefix) ? inTheNameOf(tools, asked, { proven, choice: choice.slice(prefix.length) }) : forWard(tools, asked.client, { proven, choice })
}

type Chosen = { proven: Answer; choice: string }

async function forWard(tools: Tools, client: Client, { proven, choice }: Chosen): Promise<Answer> {
  const ward = accountId.safeParse(choice).data
  if (ward === undefined) throw new Problem('request.malformed')
  const { account: representative, evidence } = proven
  const tie = takesWards(client) ? await tieOf(tools, { by: representative, account: ward }) : undefined
  if (tie === undefined) {
    await tools.audit.append({ type: 'acting.refused', client: client.id, account: ward, representative })
    throw new Problem('acting.not-allowed')
  }
  await tools.audit.append({ type: 'acting.begun', client: client.id, account: ward, representative, ground: tie.ground, passkey: evidence.passkey })
  return { account: ward, evidence: { ...evidence, by: representative } }
}

/** It stays their own account, session and subject: the organisation is said beside it. */
async function inTheNameOf(tools: Tools, { client, organisation: asked }: Asked, { proven: { account, evidence }, choice }: Chosen): Promise<Answer> {
  const organisation = organisationId.safeParse(choice).data
  if (organisation === undefined) throw new Problem('request.malformed')
  const [office] = await officesAsked(tools, client, { account, organisation, asked })
  if (office === undefined) {
    await tools.audit.append({ type: 'organisation.not-allowed', client: client.id, account, organisation })
    throw new Problem('acting.not-allowed')
  }
  const { role, mandate } = office
  await tools.audit.append({ type: 'organisation.acted', client: client.id, account, organisation, role, ...(mandate && { mandate }), passkey: evidence.passkey })
  await tools.organisations.choose(account, client.id, organisation)
  return { account, evidence: { ...evidence, organisation } }
}
