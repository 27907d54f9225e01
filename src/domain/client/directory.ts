import type { ClientId, Sector } from '#kernel/id.ts'
import type { Bilingual, ClientState, OwnMetadata } from './client.ts'

/** One line of the list of clients. */
export type ClientLine = Pick<OwnMetadata, 'profile' | 'relying_party_class' | 'minimum_account_level' | 'minimum_authentication_level' | 'ends_on'> & {
  id: ClientId
  name: string
  legalName: Bilingual
  sector: Sector
  state: ClientState
}

export const clientOrders = ['name', 'id', 'sector', 'ends', 'changed'] as const

export type ClientSearch = {
  /** Nothing outside of these is found or counted. */
  within: 'all' | readonly Sector[]
  state?: ClientState | undefined
  sector?: string | undefined
  /** Part of an id or a name, with or without its marks. */
  text?: string | undefined
  order: (typeof clientOrders)[number]
  offset: number
  most: number
}

/** Clients as people look through them; secrets are not opened. */
export type ClientDirectory = {
  search: (wish: ClientSearch) => Promise<{ lines: readonly ClientLine[]; all: number }>
  /** How many people began a session at a service since then and still have it: how many a stop will be noticed by. */
  usedBy: (client: ClientId, since: Date) => Promise<number>
}
