import type { Texts } from '#web/i18n/vi.ts'

export const listing: Texts['listing'] = {
  filter: 'Filter and sort',
  order: 'Sort by',
  apply: 'Show',
  csv: 'Download as a table (CSV)',
  next: 'Next page',
  previous: 'Previous page',
  found: (what, shown, all) => `${what}: ${shown} of ${all}`,
  whatever: 'All',
  noneSuch: 'There is no such row.',
  proposals: {
    state: 'State',
    states: { waiting: 'Waiting', decided: 'Decided (any outcome)', approved: 'Approved', returned: 'Returned', withdrawn: 'Withdrawn' },
    subject: 'Id of what it is about, or part of it',
    orders: { newest: 'Newest first', oldest: 'Oldest first', act: 'Act', subject: 'What it is about', decided: 'Decided, latest first' },
    id: 'Proposal id',
  },
  roles: {
    state: 'State',
    states: { 'in-force': 'In force', over: 'Over', ended: 'Ended' },
    sector: 'Code of the organisation',
    orders: { newest: 'Granted last first', oldest: 'Granted longest ago first', role: 'Role', sector: 'Reach', ends: 'Last day' },
    none: 'There is no such role.',
  },
  banners: {
    text: 'In the text, marks may be left out',
    orders: { newest: 'Set last first', oldest: 'Set longest ago first', starts: 'Start', ends: 'End' },
  },
  connections: {
    text: 'Name of the service, id of its trial or code of the organisation, marks may be left out',
    sector: 'Code of the organisation',
    states: { waiting: 'Waiting for review', overdue: 'Answer overdue', proposed: 'Waiting for the second person', returned: 'Returned', live: 'Live', withdrawn: 'Withdrawn', all: 'All' },
    orders: { oldest: 'Sent longest ago first', newest: 'Sent last first', name: 'Name of the service', sector: 'Organisation' },
    id: 'Request id',
    yes: 'yes',
    no: 'no',
  },
  desk: {
    text: 'Reference or case number, or part of it',
    state: 'State',
    states: { open: 'Open', overdue: 'Overdue' },
    orders: { due: 'Due day', newest: 'Received last first', oldest: 'Received longest ago first', purpose: 'Purpose' },
    none: 'There is no such application.',
  },
  organisations: {
    text: 'Reference, number or name of the organisation, marks may be left out',
    states: { open: 'To be decided', overdue: 'Overdue', waiting: 'To be examined', examined: 'Waiting for the second person', issued: 'Issued', refused: 'Refused', withdrawn: 'Withdrawn', all: 'All' },
    orders: { due: 'Due day', newest: 'Applied last first', oldest: 'Applied longest ago first', name: 'Name of the organisation', code: 'Number' },
  },
  keys: {
    orders: { state: 'State', kid: 'Key id', alg: 'Algorithm', newest: 'Changed last first' },
    none: 'There is no such key.',
  },
  audit: { orders: { newest: 'Newest first', oldest: 'Oldest first' }, later: 'Later' },
}
