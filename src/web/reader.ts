import type { AccountId } from '#kernel/id.ts'
import type { AccountStore } from '#domain/account/store.ts'
import { officeFor } from '#domain/notice/office.ts'
import type { RegistryStore } from '#domain/registry/store.ts'
import type { Reader } from './i18n/vi/in-person.ts'

export type ReaderTools = { accounts: Pick<AccountStore, 'find'>; registry: Pick<RegistryStore, 'find'> }

/** Which office a page names to the holder of this account; both where there is no such account, or none at all. */
export async function readerOf({ accounts, registry }: ReaderTools, account: AccountId | undefined): Promise<Reader> {
  const found = account && (await accounts.find(account))
  const person = found && (await registry.find(found.account.person))
  return person === undefined ? 'either' : officeFor(person)
}
