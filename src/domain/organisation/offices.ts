import { dayInVietnam, type Clock } from '#kernel/clock.ts'
import type { AccountId, OrganisationId } from '#kernel/id.ts'
import { levelAt, standing } from '#domain/account/account.ts'
import type { AccountStore } from '#domain/account/store.ts'
import { atLeast } from '#domain/assurance/level.ts'
import type { Client } from '#domain/client/client.ts'
import { officeIn, type Ground, type Office } from './in-name.ts'
import { isAskedFor, type NameAsked } from './name-asked.ts'
import type { OrganisationCode } from './organisation.ts'
import { organisationRules } from './rules.ts'
import type { OrganisationStore } from './store.ts'

export type OfficeTools = {
  organisations: Pick<OrganisationStore, 'find' | 'representedBy' | 'mandatesFor'>
  accounts: Pick<AccountStore, 'find'>
  clock: Clock
}

/** In the name of which organisation somebody may act, and as what. */
export type InName = Office & { organisation: OrganisationId; code: OrganisationCode; name: string }

/** Whether people may act in the name of organisations at this client. */
export const takesOrganisations = ({ own }: Pick<Client, 'own'>): boolean => own.in_name_of?.includes('organisation') === true

/** In whose name this account may act at this client at this moment, by what the registers, accounts and mandates say now; of one organisation, and by one ground, where they are named. */
export async function officesAt(tools: OfficeTools, client: Client, { account: id, organisation, ground }: { account: AccountId; organisation?: OrganisationId | undefined; ground?: Ground | undefined }): Promise<readonly InName[]> {
  if (!takesOrganisations(client)) return []
  const { organisations, clock } = tools
  const now = clock.now()
  const today = dayInVietnam(now)
  const found = await tools.accounts.find(id)
  if (found === undefined || standing(found.account, found.life, today).is !== 'usable' || !atLeast(levelAt(found.account, now), organisationRules.mandate.level)) return []
  const { person } = found.account
  const [represented, mandates] = await Promise.all([organisations.representedBy(person), organisations.mandatesFor(person)])
  const among = [...new Set([...represented, ...mandates.map(({ organisation: whose }) => whose)])].filter((one) => organisation === undefined || one === organisation)
  const all = await Promise.all(among.map(async (one): Promise<readonly InName[]> => {
    const known = await organisations.find(one)
    const held = mandates.filter(({ organisation: whose, holder }) => whose === one && holder?.account === id)
    const office = known && officeIn({ ...known, organisation: known.organisation }, { person, mandates: held, client: { id: client.id, sector: client.own.sector }, ground }, today)
    return known === undefined || office === undefined ? [] : [{ ...office, organisation: one, code: known.organisation.code, name: known.organisation.name }]
  }))
  return all.flat()
}

/** Of these, those that the service asks for; where it asks in nobody's name, none. */
export const officesAsked = async (tools: OfficeTools, client: Client, { asked, ...whose }: Parameters<typeof officesAt>[2] & { asked: NameAsked | undefined }): Promise<readonly InName[]> =>
  asked === undefined ? [] : (await officesAt(tools, client, whose)).filter((office) => isAskedFor(asked, office))
