import type { Texts } from '#web/i18n/vi.ts'

export const ownContact: Texts['ownContact'] = {
  link: 'Email and phone number',
  title: 'Where you are notified',
  lead: 'We send notices about your account here. It is not used to sign in.',
  kinds: { email: 'Email', phone: 'Phone number' },
  none: 'None yet',
  changed: 'Changed. The new and the old one have both been told. If it was not you, the old one can be brought back for 72 hours.',
  email: { title: 'Change the email address', label: 'New email address', hint: 'For example: lan@example.com', button: 'Send a code to the new address', fault: 'Type a whole email address, like lan@example.com.' },
  phone: { title: 'Change the phone number', label: 'New phone number', hint: 'A Vietnamese mobile number, like 0912 345 678', button: 'Send a code to the new number', fault: 'Type a Vietnamese mobile number, like 0912 345 678.' },
  oldLost: 'The old one is not in use any more? You do not need it to change it.',
  code: {
    title: 'Type the code we sent',
    lead: (to, minutes) => `The code went to ${to} and works for ${minutes} minutes.`,
    label: (count) => `Code of ${count} digits`,
    hint: 'No code? Look in the spam folder, or go back and type the address again.',
    button: 'Confirm the change',
    missing: 'Type the code.',
    wrong: (left) => `This code is not right. Tries left: ${left}.`,
    again: 'Another address, or another code',
  },
  spent: 'The code has expired or was tried too often. Send another one.',
  sms: (code, minutes) => `Electronic ID: ${code} is the code for your phone number, good for ${minutes} minutes. Tell it to nobody, not even to officers.`,
}
