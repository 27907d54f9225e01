import type { Log } from '#kernel/log.ts'
import { makeLog } from '#observe/log.ts'

/** A log that nobody reads. */
export const silentLog: Log = makeLog({ level: 'silent' })
