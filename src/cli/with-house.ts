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

/** The same with the database and the key file alone, for when whatever else there is does not answer (A07). */
export async function withLastResort<T>(work: (house: House) => Promise<T>): Promise<T> {
  const { redisUrl: _redis, ...config } = configOrExit()
  const house = await openHouse(config)
  try {
    return await work(house)
  } finally {
    await house.close()
  }
}
