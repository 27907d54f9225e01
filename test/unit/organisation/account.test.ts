import { describe, expect, test } from 'vitest'
import { hindranceOf, movedOrganisation, organisationAccountStates, type OrganisationAccount, type OrganisationMove } from '#domain/organisation/account.ts'
import { organisationStates } from '#domain/organisation/organisation.ts'
import { organisationGrounds, organisationMovers, organisationRules } from '#domain/organisation/rules.ts'

const issuedAt = new Date('2026-11-20T03:00:00Z')
const account = (changes: Partial<OrganisationAccount> = {}): OrganisationAccount => ({ state: 'active', locks: [], issuedAt, ...changes })
const at = new Date('2026-11-26T03:00:00Z')

describe('the account of an organisation (Decree 69/2024 Art 7, 15)', () => {
  test('is used where it is active, without a lock, and the registration says that the organisation operates; in no other case of all there are', () => {
    const usable: string[] = []
    const cases = [undefined, ...organisationAccountStates].flatMap((state) => organisationStates.flatMap((registered) => [[], ['competent-body' as const]].map((locks) => ({ state, registered, locks }))))
    for (const { state, registered, locks } of cases) {
      if (hindranceOf({ state: registered, account: state && account({ state, locks }) }) === undefined) usable.push(`${state} ${registered} ${locks.length}`)
    }
    expect(cases).toHaveLength(24)
    expect(usable).toEqual(['active operating 0'])
  })

  test('of several reasons the one is told that cannot be undone', () => {
    expect(hindranceOf({ state: 'dissolved', account: account({ locks: ['terms-breach'] }) })).toBe('dissolved')
    expect(hindranceOf({ state: 'suspended', account: account({ locks: ['terms-breach'] }) })).toBe('suspended')
  })

  test('once it has ended nothing moves it, whoever wants it', () => {
    const moves: OrganisationMove[] = organisationMovers.flatMap((by): OrganisationMove[] => [
      { to: 'activate', by }, ...organisationGrounds.flatMap((ground): OrganisationMove[] => [{ to: 'lock', ground, by }, { to: 'unlock', ground, by }]),
    ])
    for (const move of [...moves, { to: 'dissolve', by: 'registry' } as const]) {
      expect(movedOrganisation(account({ state: 'dissolved', locks: ['terms-breach'] }), move, at)).toEqual({ is: 'refused', because: 'ended' })
    }
  })

  test('only those whom the table names set a ground and end it, and a second time changes nothing', () => {
    for (const ground of organisationGrounds) {
      for (const by of organisationMovers) {
        const { lockedBy, clearedBy } = organisationRules.grounds[ground]
        expect([ground, by, movedOrganisation(account(), { to: 'lock', ground, by }, at).is]).toEqual([ground, by, lockedBy.includes(by) ? 'moved' : 'refused'])
        expect([ground, by, movedOrganisation(account({ locks: [ground] }), { to: 'unlock', ground, by }, at).is]).toEqual([ground, by, clearedBy.includes(by) ? 'moved' : 'refused'])
      }
    }
    expect(movedOrganisation(account({ locks: ['competent-body'] }), { to: 'lock', ground: 'competent-body', by: 'operator' }, at)).toEqual({ is: 'refused', because: 'no-change' })
    expect(movedOrganisation(account({ locks: ['competent-body'] }), { to: 'unlock', ground: 'competent-body', by: 'representative' }, at)).toEqual({ is: 'refused', because: 'not-theirs' })
  })

  test('it is activated within seven days by who represents it, and afterwards by the hotline alone (Art 14.1)', () => {
    const issued = account({ state: 'issued' })
    const [last, after] = [new Date('2026-11-27T16:59:59Z'), new Date('2026-11-27T17:00:00Z')]
    expect(movedOrganisation(issued, { to: 'activate', by: 'representative' }, last)).toMatchObject({ account: { state: 'active' } })
    expect(movedOrganisation(issued, { to: 'activate', by: 'representative' }, after)).toEqual({ is: 'refused', because: 'too-late' })
    expect(movedOrganisation(issued, { to: 'activate', by: 'operator' }, after)).toMatchObject({ account: { state: 'active' } })
    expect(movedOrganisation(account(), { to: 'activate', by: 'operator' }, at)).toEqual({ is: 'refused', because: 'no-change' })
  })
})
