import type { Html } from '#web/html.ts'
import { interactionPlaces } from '#web/place/interaction.ts'
import type { Answer } from '#web/route.ts'
import type { Scene } from '#web/interaction/at.ts'

/** Every step is a page of its own; after a form the browser is sent to the next one, so reloading repeats nothing. */
export function onwards({ uid }: Scene, step: 'identity' | 'contact' | 'code' | 'newPasskey' | 'finish'): Answer {
  return { redirect: interactionPlaces(uid)[step] }
}

/** The same step once more, with what was wrong. */
export function onceMore(page: Html): Answer {
  return { page, status: 422 }
}
