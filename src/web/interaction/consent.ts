import { z } from 'zod'
import type { Clock } from '#kernel/clock.ts'
import type { AccountId } from '#kernel/id.ts'
import { Problem } from '#kernel/problem.ts'
import type { AccountStore } from '#domain/account/store.ts'
import type { AuditLog } from '#domain/audit/event.ts'
import { answerOf, type Item } from '#domain/consent/decision.ts'
import { disclose } from '#domain/consent/disclosure.ts'
import type { ConsentStore } from '#domain/consent/store.ts'
import type { RegistryStore } from '#domain/registry/store.ts'
import { formatCount } from '#web/i18n/format.ts'
import { textsOf } from '#web/i18n/language.ts'
import { route, type Answer } from '#web/route.ts'
import { consentPage, type ConsentItem } from '#web/views/consent.ts'
import { postedAt, sceneOf, type InteractionTools, type Scene } from './at.ts'
import { inWords } from './claim-words.ts'

type ClaimsReader = { accounts: Pick<AccountStore, 'find' | 'contacts'>; registry: Pick<RegistryStore, 'find'> }

type PageTools = ClaimsReader & { monthsRemembered: number }

type Tools = InteractionTools & ClaimsReader & { consents: Pick<ConsentStore, 'record'>; audit: AuditLog; clock: Clock }

export async function showConsent(tools: PageTools, scene: Scene): Promise<Answer> {
  const { interaction, view, service, formsTo } = scene
  const values = await valuesOf(tools, whose(scene), interaction.items)
  const groups = groupsOf(interaction.items).map(({ purpose, reference, basis, items }) => ({
    purpose: purpose?.[view.language],
    reference: reference?.[view.language],
    basis,
    lasts: basis === 'consent' ? lastingOf(tools, scene) : undefined,
    items: items.map((item): ConsentItem => ({
      claim: item.attribute.id,
      label: item.attribute.label[view.language],
      value: inWords(item.attribute, values, view.language),
      essential: item.essential || item.basis === 'law',
      sensitive: item.attribute.sensitive,
    })),
  }))
  return {
    page: consentPage(view, { service, uid: interaction.id, basis: interaction.basis, groups }),
    formsTo,
  }
}

export const answerConsent = route({
  route: 'POST /interaction/:uid/consent',
  who: 'anyone',
  form: postedAt.extend({ choice: z.enum(['allow', 'deny']), optional: z.union([z.string(), z.array(z.string())]).default([]) }),
  act: async (tools: Tools, visit, { uid, choice, optional }) => {
    const scene = await sceneOf(tools, visit, { uid, asks: 'consent' })
    const { items, client } = scene.interaction
    const account = whose(scene)
    const claims = items.flatMap((item) => item.claims)
    if (choice === 'deny') {
      await tools.audit.append({ type: 'consent.declined', client: client.id, account, claims })
      return { redirect: await tools.interactions.refused(visit.exchange) }
    }
    const consent = answerOf(items, new Set([optional].flat()), tools.clock.now())
    await tools.consents.record(account, client.id, consent)
    const declined = items.filter((item) => item.attribute.id in consent.declined).flatMap((item) => item.claims)
    await tools.audit.append({ type: 'consent.given', client: client.id, account, claims: claims.filter((claim) => !declined.includes(claim)), declined })
    return { redirect: await tools.interactions.consented(visit.exchange) }
  },
})

/** State bodies' answers are remembered, those to others are for one sign-in (Decree 69/2024 Art 19.3). */
function lastingOf({ monthsRemembered }: PageTools, { interaction, view }: Scene): string {
  const { lastsMonths, lastsOnce } = textsOf(view.language).consent
  return interaction.client.own.relying_party_class === 'A' ? lastsMonths(formatCount(monthsRemembered, view.language)) : lastsOnce
}

function whose({ interaction }: Scene): AccountId {
  if (interaction.account === undefined) throw new Problem('interaction.expired')
  return interaction.account
}

async function valuesOf({ accounts, registry }: ClaimsReader, id: AccountId, items: readonly Item[]): Promise<Record<string, unknown>> {
  const [found, contacts] = await Promise.all([accounts.find(id), accounts.contacts(id)])
  const person = found && (await registry.find(found.account.person))
  if (found === undefined || person === undefined) throw new Problem('interaction.expired')
  const { level, createdAt: openedAt } = found.account
  return disclose({ person, contacts, level, openedAt }, items.flatMap((item) => item.claims))
}

/** One group for each purpose and ground, in the order of the items. */
function groupsOf(items: readonly Item[]) {
  const byTerms = Map.groupBy(items, ({ basis, purpose, reference }) => JSON.stringify([basis, purpose, reference]))
  return [...byTerms.values()].flatMap((members) => {
    const [first] = members
    return first === undefined ? [] : [{ purpose: first.purpose, reference: first.reference, basis: first.basis, items: members }]
  })
}
