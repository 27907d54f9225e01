import type { Office } from '#domain/notice/office.ts'
import type { Texts } from '#web/i18n/vi.ts'

const go: Record<Office, string> = {
  commune: 'Take your identity card and this phone to the nearest commune or ward police office.',
  immigration: 'Take your passport and this phone to the immigration authority.',
}

export const account: Texts['account'] = {
  chooseTitle: (service) => `Choose an account for ${service}`,
  chooseLead: 'This device is signed in with the account below.',
  same: 'Continue as',
  another: 'Use another account',
  whatToDo: 'What you can do',
  again: {
    title: (service) => `Confirm again to enter ${service}`,
    lead: 'This is important, so unlock once more.',
    titleDetails: (service) => `Confirm again the request of ${service}`,
    leadDetails: 'Read it carefully, then unlock once more. Confirm only if you have just asked for this yourself.',
    leadHardware: 'This service needs your hardware security key. Plug it in or hold it to the device.',
    button: 'Confirm',
    buttonHardware: 'Confirm with the security key',
  },
  turnBack: {
    'account-level': {
      title: 'This service needs a level 2 account',
      lead: (service) => `Your account is at level 1 and cannot be used for ${service} yet. Nothing has been sent.`,
      steps: (office) => [
        go[office],
        'An officer checks and raises your account to level 2; it takes about 2 minutes.',
        'Then come back to the service and sign in as always.',
      ],
    },
    'hardware-key': {
      title: 'This service needs a hardware security key',
      lead: (service) => `Your account has no passkey that ${service} accepts. Nothing has been sent.`,
      steps: () => [
        'Passkeys that are synced between devices do not work for this service.',
        'Ask the body that runs the service which key you need.',
      ],
    },
    organisation: {
      title: 'This service only takes people who act for an organisation',
      lead: (service) => `${service} is only for people who act in the name of an organisation, and you do not act for any organisation here. Nothing has been sent.`,
      steps: () => [
        'Are you a legal representative? See under My organisations in My e-ID whether the account of the organisation is active.',
        'Do you work for the organisation? Ask a legal representative for a mandate for this service, and take it.',
        'Your own account must be at level 2.',
      ],
    },
    'named-organisation': {
      title: 'You do not act for the organisation this service asks for',
      lead: (service) => `${service} only takes people who act in the name of one particular organisation, and you do not act for that one here. Nothing has been sent.`,
      steps: () => [
        'Go back to the service and see whether you chose the right organisation.',
        'Are you a legal representative? See under My organisations in My e-ID whether the account of the organisation is active.',
        'Do you work for the organisation? Ask a legal representative for a mandate for this service, and take it.',
        'Your own account must be at level 2.',
      ],
    },
  },
}
