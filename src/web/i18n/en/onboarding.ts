import type { Texts } from '#web/i18n/vi.ts'

export const onboarding: Texts['onboarding'] = {
  toReview: 'Requests to connect for you to review',
  allRequests: (count) => `See all ${count} requests`,
}
