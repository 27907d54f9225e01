import { setTimeout as pause } from 'node:timers/promises'
import type { Told } from '#test/support/journey.ts'
import type { Ledger } from './ledger.ts'

/** Nobody answered, or not to the end: what was asked may have been done. */
export const unknown = (): Told => ({ status: 0, headers: new Headers(), text: '', json: {} })

export type Shows = readonly (() => Promise<Told>)[]
type Watched = { ledger: Ledger; isTaken: (told: Told) => boolean }

/** One value shown at every node at the same time: at most one may get anything for it. Answers what came. */
export async function showEverywhere(what: string, shows: Shows, { ledger, isTaken }: Watched): Promise<readonly Told[]> {
  const answers = await showAll(what, shows, ledger)
  const taken = answers.filter(isTaken).length
  ledger.look('once', taken <= 1, `${what} was taken by ${taken}`)
  return answers
}

/** The same value again, when a store may have been killed and have come back meanwhile: what was spent does not come back to life. */
export async function showAgain(what: string, shows: Shows, { ledger, isTaken, taken, milliseconds }: Watched & { taken: boolean; milliseconds: number }): Promise<readonly Told[]> {
  await pause(milliseconds)
  const answers = await showAll(what, shows, ledger)
  const again = answers.filter(isTaken).length
  ledger.look('spent', again <= (taken ? 0 : 1), `${what} was taken by ${again}${taken ? ' more' : ''} after ${milliseconds} ms`)
  return answers
}

async function showAll(what: string, shows: Shows, ledger: Ledger): Promise<readonly Told[]> {
  const answers = await Promise.all(shows.map((show) => show().catch(unknown)))
  for (const { status } of answers) ledger.look('honest', status !== 500, `${what}, shown, ended with 500`)
  return answers
}
