import type { Office } from '#domain/notice/office.ts'
import { organisation } from './organisation.ts'
import type { Texts } from '#web/i18n/vi.ts'

const asks: Record<Office, string> = { commune: 'any commune or ward police office', immigration: 'the immigration authority' }

/** What the holder of an account is told, and the page where they find it again. */
export const notices: Texts['notices'] = {
  link: 'Notices sent to you',
  title: 'Notices',
  lead: 'Whenever something changes in your account, we tell you. We never send links.',
  check: {
    title: 'Check a notice',
    label: 'Reference',
    hint: '9 letters and digits in the notice you received. Example: 7F3-K29-QDT',
    button: 'Check',
    missing: 'Enter the reference.',
    ours: 'Yes, this notice is ours.',
    notOurs: 'This is not a notice that we sent to you. Do not do what it says, and open no link in it.',
    slip: 'This reference is not right. Look at it again, sign by sign. If you copied it correctly, the notice is not ours.',
  },
  listTitle: 'Sent to you',
  none: 'There are no notices yet.',
  reference: 'Reference',
  channels: { email: 'Email', sms: 'Text message' },
  sent: (channel, time) => `${channel}: sent ${time}`,
  unsent: (channel) => `${channel}: not sent`,
  hereOnly: 'On this page only: the account has no email address and no phone number.',
  language: {
    title: 'Language of notices',
    legend: 'Send me notices in',
    both: 'Vietnamese and English',
    vi: 'Vietnamese (Tiếng Việt)',
    en: 'English',
    button: 'Save',
    saved: 'Saved.',
  },
  occasions: {
    ...organisation.occasions,
    'account-opened': { subject: 'Your e-ID account is open', text: 'An e-ID account was opened with your personal ID number. Keep this notice: its reference lets you lock the account when your phone is lost.' },
    'account-activated': { subject: 'Your account was activated', text: 'Your e-ID account was activated.' },
    'account-raised': { subject: 'Your account is at level 2 now', text: 'An officer raised your e-ID account to level 2.' },
    'account-locked': { subject: 'Your account was locked', text: 'Your e-ID account was locked. Nobody can sign in, and you are signed out everywhere.' },
    'account-unlocked': { subject: 'Your account was unlocked', text: 'One reason for which your e-ID account was locked has ended.' },
    'ward-raised': { subject: 'The account of somebody you represent is at level 2', text: 'At a desk, an officer raised the account of somebody whom you represent to level 2. It was confirmed with your passkey.' },
    'passkey-added': { subject: 'A new passkey was added to your account', text: 'A new passkey was added to your e-ID account. It signs in like the others.' },
    'passkey-removed': { subject: 'A passkey was removed from your account', text: 'A passkey was removed from your e-ID account. It does not sign in any more.' },
    'codes-printed': { subject: 'New recovery codes were made', text: 'New recovery codes were made for your e-ID account. The old ones do not work any more.' },
    'code-used': { subject: 'One of your recovery codes was just used', text: 'Somebody used one of your printed recovery codes to get your account back.' },
    recovered: { subject: 'Your account was just brought back with a recovery code', text: 'Somebody used a recovery code to make a new passkey for your e-ID account.' },
    'recovery-cancelled': { subject: 'The recovery of your account was cancelled', text: 'The recovery of your account with a code was cancelled. The new passkey was removed, the recovery codes do not work any more, and you are signed out everywhere.' },
    'contact-changed': { subject: 'Where you receive notices has changed', text: 'The email address or the phone number for notices of your e-ID account has changed. This notice goes to the old one too. Within 72 hours, reporting a lost device brings the old one back.' },
    'contact-restored': { subject: 'Your old contact is in use again', text: 'Somebody reported that it was not the holder who changed it. The new contact was removed and the old one is in use again.' },
    'opening-asked': { subject: 'Somebody wants to open the account you reported lost', text: 'Somebody used your passkey to ask that your account, locked because a device is lost, be opened again. It is still locked.' },
    'paper-ending': { subject: 'Your document is about to end', text: 'The document that your e-ID account depends on is about to end. When it has ended the account is locked, and it opens again by itself once the register has the new one.' },
    'contact-removed': { subject: 'A contact was removed from your account', text: 'At a desk the holder of the account said that an email address or phone number is not in use any more. It was removed from the e-ID account and receives no more notices. This notice goes there too.' },
  },
  because: (ground) => `Reason: ${ground}.`,
  opens: (at) => `From ${at} that passkey opens the account. Before then you can report it lost again, and it stays locked.`,
  byCode: 'Whoever reported it entered one of your printed recovery codes. If that was not you, somebody else has the sheet: once the account is unlocked, print new codes.',
  aside: 'As the device was reported as lost, older passkeys do not sign in any more.',
  waits: (until) => `The account stays locked. From ${until} the new passkey opens it, unless somebody cancels this before. Do you have an old passkey at hand? Sign in with it and choose “It was not me: cancel it”.`,
  held: (until) => `Until ${until} the account works like one of level 1, and the new passkey cannot change the others. Before that you can cancel it.`,
  ends: (paper, on) => `Last day of the ${paper}: ${on}.`,
  papers: { card: 'identity card', passport: 'passport', 'residence-card': 'permanent or temporary residence card' },
  grounds: {
    'holder-request': 'its holder asked for it',
    'terms-breach': 'a breach of the terms of use',
    'card-held-or-revoked': 'the identity card was revoked or is held',
    'card-expired': 'the identity card has expired',
    'passport-expired': 'the passport has expired',
    'residence-expired': 'the residence card has expired',
    'competent-body': 'a competent body asked for it',
    'phone-claimed-by-owner': 'the phone number belongs to somebody else',
  },
  mail: {
    text: ({ at, what, todo, reference }) => `At ${at}: ${what}

${todo}

Reference: ${reference}
You find this notice again, and can check the reference, under Notices sent to you in My e-ID.

We never send links. Do not read this reference out to anybody who calls you, not even to someone who claims to be an officer.

Định danh điện tử`,
    notYou: (cancels) => `If it was you, there is nothing to do.
If it was not you: open the e-ID site by yourself, choose Lost your device, and enter your personal ID number, your date of birth and the reference below. The account is locked within seconds${cancels ? ' and the new passkey is removed' : ''}. Do you still have an old passkey? You unlock the account with it once you feel safe.`,
    ask: {
      commune: 'Do you have a question? Take your identity card to any commune or ward police office and quote the reference below.',
      immigration: 'Do you have a question? Take your passport to the immigration authority and quote the reference below.',
    },
  },
  sms: {
    plain: ({ at, what, reference }, office) => `e-ID, ${at}: ${what}. Ask at ${asks[office]}. Reference ${reference}.`,
    notYou: ({ at, what, reference }) => `e-ID, ${at}: ${what}. Not you? Open the e-ID site by yourself, choose Lost your device, enter ${reference}.`,
  },
}
