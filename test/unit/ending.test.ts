import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { makeEnding } from '#app/ending.ts'

test('what was opened ends in the order of its groups, whatever came first, and each although another could not be ended', async () => {
  const ending = makeEnding()
  const ended: string[] = []
  const ends = (name: string, milliseconds = 0) => async () => {
    await pause(milliseconds)
    ended.push(name)
  }
  ending.add('keeping', ends('the stores'))
  ending.add('remaining', ends('what answers left to do'))
  ending.add('looking', ends('the slow watch', 20))
  ending.add('looking', async () => { throw new Error('it was gone') })
  ending.add('answering', ends('the server'))
  ending.add('looking', ends('the watch'))
  await expect(ending.end()).rejects.toMatchObject({ errors: [new Error('it was gone')] })
  expect(ended).toEqual(['the watch', 'the slow watch', 'the server', 'what answers left to do', 'the stores'])
})
