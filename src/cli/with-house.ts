import { openHouse, type House } from '#app/house.ts'
import { configOrExit } from './config-or-exit.ts'

/** Opens the stores by the environment for one piece of work. */
export async function withHouse<T>(work: (house: House) => Promise<T>): Promise<T> {
  const house = await openHouse(configOrExit())
  try {
    return await work(house)
  } finally {
    await house.close()
  }
}
