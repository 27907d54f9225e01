import type { PassportRef } from '#domain/registry/passport.ts'
import type { Person, PersonalNumber } from '#domain/registry/person.ts'
import type { RegistryStore } from '#domain/registry/store.ts'

/** By what somebody says who they are: a citizen by their number (Decree 69/2024 Art 10.1), a foreigner by their passport (Art 11.1). */
export type Named = { number: PersonalNumber; passport?: undefined } | { passport: PassportRef; number?: undefined }

/** That alone, of whatever holds it. */
export function namedOf(named: Named): Named {
  return named.passport === undefined ? { number: named.number } : { passport: named.passport }
}

/** Under what tries are counted. */
export function counterOf({ number, passport }: Named): string {
  return passport === undefined ? number : `passport ${passport.country} ${passport.number}`
}

/** One statement either way, so that neither way can be told from the other by the time it takes. */
export async function findNamed(registry: Pick<RegistryStore, 'findByNumber' | 'findByPassport'>, named: Named): Promise<Person | undefined> {
  return named.passport === undefined ? registry.findByNumber(named.number) : registry.findByPassport(named.passport)
}
