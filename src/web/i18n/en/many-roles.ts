import type { OfficerFileFault } from '#domain/officer/file.ts'
import type { Texts } from '#web/i18n/vi.ts'

const codes: Readonly<Record<string, string>> = {
  'no-account': 'there is no account with this number',
  'not-valid': 'is empty or not right',
  'sector-missing': 'this role needs a sector',
  'sector-not-for-role': 'only a client admin has a sector',
  'post-missing': 'this role needs a desk, a commune and a shift',
  'post-not-for-role': 'only an enrolment officer has a desk and a shift',
  'ends-in-the-past': 'this day is over',
  'ends-too-late': 'a role lasts for a year at most',
  'not-held': 'this person holds no such role',
  several: 'this person holds several such roles: name the desk and the commune',
}

function file(fault: OfficerFileFault): string {
  switch (fault.code) {
    case 'quote-broken': return 'A quotation mark is not closed.'
    case 'empty': return 'It needs a line of column names and one line at least.'
    case 'too-many': return 'The list is too long: take several.'
    case 'column-unknown': return `Column ${fault.position}: its name is unknown or stands there twice.`
    case 'cells': return `Line ${fault.line}: ${fault.count} cells where the first line has ${fault.expected}.`
  }
}

export const manyRoles: Texts['manyRoles'] = {
  title: 'Propose many roles',
  link: 'Propose many roles at once',
  lead: (most) => `Paste a list from a spreadsheet, ${most} lines at most. The second person reads and signs just this list; all of it takes effect at once, or none.`,
  columns: 'The columns',
  columnWords: [
    'number: personal number; role: the name of a role, like enrolment-officer; ends_on: its last day, like 2027-03-31',
    'sector: for client-admin alone',
    'desk, commune, badge, from, until, days: for enrolment-officer alone; times like 07:30; days is 5, 6 or 7',
    'end: an x ends the role that is held, in place of giving one',
  ],
  list: 'List',
  listHint: 'The first line names the columns. What a role does not need stays empty or is left out.',
  missing: 'Paste a list.',
  faulty: 'Nothing was proposed: mend what is told below and send it again.',
  more: (count) => `And ${count} faults more.`,
  nothingNew: 'Every role of the list is in force already.',
  repeated: 'the same as a line above',
  at: (line, what) => `Line ${line}, ${what}`,
  codes,
  file,
  submit: 'Send the proposal',
  caption: (count) => `The list that is signed; lines: ${count}`,
  subject: (gives, ends) => `give ${gives}, end ${ends}`,
  act: 'Act',
  gives: 'Give',
  ends: 'End',
  where: 'Desk and shift, or reach',
  badge: (badge) => `People read: ${badge}`,
  atOnce: 'As soon as it is approved',
}
