import type { Page } from 'playwright-core'
import { newId, proposalId, type AccountId } from '#kernel/id.ts'
import { readClient } from '#domain/client/client.ts'
import { entryOf } from '#domain/client/entry.ts'
import { textsOf, type Language } from '#web/i18n/language.ts'
import type { Hand } from '#test/support/hand.ts'
import type { Product } from '#test/support/product.ts'
import { approvalBy, makeApprover } from '#test/support/signed-approval.ts'

export type Tour = { product: Product; page: Page; language: Language; look: (name: string, heading: string) => Promise<void> }

function aLibrary(id: string) {
  const read = readClient({
    client_id: id, client_name: 'Thư viện số', legal_name: { vi: 'Thư viện Quốc gia Việt Nam', en: 'National Library of Vietnam' }, sector: `${id}.example`,
    profile: 'baseline', ends_on: '2099-12-31', relying_party_class: 'A', redirect_uris: [`https://${id}.example/tro-ve`], contacts: ['ky-thuat@example.com'], 'x-of-the-library': { a: 1 },
    purposes: [{ claims: ['name', 'family_name', 'middle_name', 'given_name'], basis: 'law', reference: { vi: 'Luật Thư viện, Điều 38', en: 'Law on Libraries, Article 38' }, purpose: { vi: 'Cấp thẻ bạn đọc', en: 'Reader card' } }],
  }, { allowLocal: true })
  if ('fault' in read) throw new Error(read.fault)
  return read.client
}

/** A colleague has approved what waits about the secret of this client. */
async function approveSecret(server: Product['server'], client: string, by: AccountId): Promise<void> {
  const { proposals } = server.house
  const waiting = (await proposals.waiting()).find(({ change }) => change.act === 'client.secret' && change.client === client)
  if (waiting?.change.act !== 'client.secret') throw new Error('no proposal waits')
  await proposals.decide(waiting, {
    decision: await approvalBy(server, await makeApprover(server, by), waiting), effect: { is: 'secret', client: waiting.change.client },
    event: { type: 'proposal.approved', proposal: waiting.id, act: 'client.secret', subject: client, proposer: waiting.proposer, by },
  })
}

/** The pages about client applications, of an officer who may do everything; a colleague has proposed one. */
export async function clientsAtWork({ product: { server }, page, language, look }: Tour, { hand, colleague }: { hand: Hand; colleague: AccountId }): Promise<void> {
  const { house, issuer } = server
  const { clients: t, clientSecrets: secrets, console: { acts, back } } = textsOf(language)
  const [library, wished] = [aLibrary(`thu-vien-${language}`), aLibrary(`cho-duyet-${language}`)]
  await house.clients.put(library)
  const proposal = { id: proposalId.parse(newId()), change: { act: 'client.register', client: wished.id, entry: entryOf(wished) }, proposer: colleague, proposedAt: new Date(), reason: 'Theo công văn 12' } as const
  await house.proposals.add(proposal, { type: 'proposal.made', proposal: proposal.id, act: 'client.register', subject: wished.id, by: colleague })
  await page.goto(`${issuer}/quan-tri/phe-duyet/${proposal.id}`)
  await look('a client that is proposed', `${acts['client.register']}: ${wished.id}`)

  await hand.tap(t.title)
  await look('clients', t.title)
  await page.locator('summary').click()
  await hand.fill(t.list.text, 'khong co')
  await hand.tap(textsOf(language).listing.apply)
  await look('clients, none found', t.title)
  await hand.tap(t.register)
  await look('register a client', t.form.registerTitle)
  await hand.tap(t.form.addPurpose)
  await look('register a client, two purposes', t.form.registerTitle)
  await hand.fill(t.form.redirectUris, 'http://thue.example/')
  await page.getByLabel(t.bases.law).first().check()
  await hand.tap(t.form.submit)
  await look('register a client, faults', t.form.registerTitle)

  const at = `${issuer}/quan-tri/ung-dung/${library.id}`
  const { client_name: name } = library.registered
  await page.goto(at)
  await look('a client', name)
  await hand.tap(t.detail.change)
  await look('change a client', t.form.changeTitle(name))
  await hand.tap(t.form.submit)
  await look('change a client without a reason', t.form.changeTitle(name))
  await hand.tap(back)
  await hand.tap(t.detail.secret)
  await look('a secret', secrets.title(name))
  await hand.tap(secrets.button)
  await look('a secret without a reason', secrets.title(name))
  await hand.fill(textsOf(language).console.reason, 'Lần đầu')
  await hand.tap(secrets.button)
  await look('a new secret', secrets.doneTitle)
  await hand.tap(back)
  await hand.tap(secrets.replace)
  await look('another secret', secrets.replaceTitle(name))
  await hand.fill(textsOf(language).console.reason, 'Đến hạn')
  await hand.tap(secrets.replaceButton)
  await look('another secret, proposed', `${acts['client.secret']}: ${library.id}`)
  await approveSecret(server, library.id, colleague)
  await page.reload()
  await hand.tap(secrets.collectButton)
  await look('collect a secret', secrets.collectTitle(name))
  await hand.tap(secrets.collectButton)
  await look('collect a secret without a reason', secrets.collectTitle(name))
  await hand.fill(textsOf(language).console.reason, 'Đổi định kỳ')
  await hand.tap(secrets.collectButton)
  await look('a secret, collected', secrets.doneTitle)
  await hand.tap(back)
  await look('a client with two secrets', name)
  await hand.tap(secrets.formerButton)
  await look('withdraw a secret', secrets.formerTitle(name))
  await hand.tap(secrets.formerButton)
  await look('withdraw a secret without a reason', secrets.formerTitle(name))
  await hand.tap(back)
  await hand.tap(t.detail.suspend)
  await look('suspend a client', t.suspend.title(name))
  await hand.tap(t.suspend.button)
  await look('suspend a client, faults', t.suspend.title(name))
  await hand.fill(t.suspend.confirm(name), name)
  await hand.fill(textsOf(language).console.reason, 'Lộ khóa')
  await hand.tap(t.suspend.button)
  await look('a client, suspended', name)
  for (const [way, { title, button }, what] of [[t.detail.resume, t.resume, 'resume'], [t.detail.end, t.end, 'end']] as const) {
    await hand.tap(way)
    await look(`${what} a client`, title(name))
    await hand.tap(button)
    await look(`${what} a client without a reason`, title(name))
    await hand.tap(back)
  }
}
