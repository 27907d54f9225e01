import type { ChipPart, ChipReason } from '#domain/chip/reason.ts'
import { makeWorld, sodOver, type World } from './chip.ts'

/** One way of being wrong, and the reason it has to end in. */
export type Forgery = { name: string; reason: ChipReason; part?: ChipPart; change: (world: World) => Partial<World> }

/** What every forgery begins with. */
export const sound = makeWorld()

export const withSod = (sod: Buffer) => ({ files }: World): Partial<World> => ({ files: { ...files, sod } })

/** A security object over the sound data groups with something changed. */
export const sodChanged = (changes: Parameters<typeof sodOver>[2]) => withSod(sodOver(sound.country, sound.files.groups, changes))
