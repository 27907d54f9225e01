import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import { describe, expect, test } from 'vitest'
import { addRedisCommands } from '#cli/redis.ts'
import { temporaryFolder } from '#test/support/tmp.ts'

describe('eid redis acl', () => {
  async function say(...args: readonly string[]): Promise<string> {
    const [program, said] = [new Command('eid'), [] as string[]]
    addRedisCommands(program, (text) => void said.push(text))
    await program.parseAsync(['redis', 'acl', ...args], { from: 'user' })
    return said.join('\n')
  }

  test('A02: says a line for each plane, with the hash of the password and never itself', async () => {
    const file = join(temporaryFolder(), 'password')
    writeFileSync(file, 'correct horse\n')
    const lines = (await say('--console', file)).split('\n')
    expect(lines).toEqual([
      expect.stringMatching(/^user eid_citizen on #SHA-256-OF-THE-PASSWORD resetchannels ~eid:Interaction:\* /),
      expect.stringContaining(`user eid_console on #${createHash('sha256').update('correct horse').digest('hex')} `),
    ])
    expect(lines.join('\n')).not.toContain('correct horse')
    expect(JSON.parse(await say('--console', file, '--json'))).toEqual({ lines })
  })

  test('a file that is not there or empty is refused with a sentence', async () => {
    const file = join(temporaryFolder(), 'password')
    await expect(say('--citizen', file)).rejects.toMatchObject({ name: 'Refusal', message: expect.stringContaining('cannot be read') })
    writeFileSync(file, '\n')
    await expect(say('--citizen', file)).rejects.toMatchObject({ name: 'Refusal', message: expect.stringContaining('is empty') })
  })
})
