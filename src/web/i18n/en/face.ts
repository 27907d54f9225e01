import type { face as vi } from '#web/i18n/vi/face.ts'

export const face: typeof vi = {
  title: (service: string) => `Compare your face to enter ${service}`,
  lead: 'This is important, so the authority needs to compare your face with the photo on record.',
  list: [
    'You go to the authority’s page to take a picture, about one minute.',
    'The picture does not pass through this page and is not sent to the service. The service only learns that your face matched.',
    'Sit where there is enough light, without a mask or sunglasses.',
  ],
  button: 'Go to the face comparison',
  notes: {
    'no-match': 'Your face did not match the photo on record. Try again in better light, or go back to the service.',
    inconclusive: 'The picture was not clear enough. Try again in better light.',
    abandoned: 'You stopped before it was done. Press the button to try again.',
    none: 'This comparison can no longer be used. Press the button to start again.',
  },
  pending: {
    title: 'Waiting for the face comparison',
    lead: 'Usually a few seconds. This page asks again by itself.',
  },
}
