import type { ClientId } from '#kernel/id.ts'
import type { Client } from './client.ts'

export type ClientStore = {
  find: (id: ClientId) => Promise<Client | undefined>
  /** The client that is this resource server (RFC 8707 §2); an identifier belongs to one. */
  findServer: (identifier: string) => Promise<Client | undefined>
  list: () => Promise<readonly Client[]>
  /** Writes the client under its id; `same` when nothing differed. */
  put: (client: Client) => Promise<'inserted' | 'changed' | 'same'>
}
