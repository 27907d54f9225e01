import type { Texts } from '#web/i18n/vi.ts'

export const search: Texts['search'] = {
  title: 'Search the console',
  label: 'Find a client, an organisation, a page',
  short: 'Client, page',
  button: 'Find',
  lead: 'Type the name or id of a client, the name of an organisation or of a page, with or without marks. The key / leads to the field.',
  results: (sought) => `Results for “${sought}”`,
  none: 'Nothing within your reach is called so.',
  pages: 'Pages',
  clients: 'Clients',
  all: (count) => `See all ${count} clients`,
  requests: 'Requests to connect that wait',
}
