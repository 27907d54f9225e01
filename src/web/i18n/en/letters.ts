import type { Texts } from '#web/i18n/vi.ts'

export const letters: Texts['letters'] = {
  returned: {
    subject: 'Your request to connect needs a change',
    text: (reference) => `Your request to connect an application was looked at and sent back to be changed.

Sign in to the developer pages, open the request, read the reason, change it and send it again.

Number of the request: ${reference}

Electronic identity`,
  },
  live: {
    subject: 'Your application is connected',
    text: (reference) => `Your request to connect was approved. From now on your application can use the live server.

If you did not send this request: tell the authority that runs the system at once, and quote the number below.

Number of the request: ${reference}

Electronic identity`,
  },
  expiry: {
    subject: (days) => `Something of your application ends in less than ${days} days`,
    whats: {
      registration: 'its time with the baseline profile',
      agreement: 'the agreement on its connection',
      'registered-certificate': 'the certificate among its registered keys',
      'shown-certificate': 'the certificate that your server presents',
    },
    text: ({ what, on, client, reference }) => `Of the application ${client}, ${what} ends on ${on}.

Replace it before that day, so that people can still sign in: send the new key, certificate or agreement to the authority that runs the system.

${reference === undefined ? '' : `Number of the request: ${reference}

`}Electronic identity`,
  },
  soon: 'Less than 7 days left',
  over: 'Has ended',
}
