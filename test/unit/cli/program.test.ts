import type { Command } from 'commander'
import { expect, test } from 'vitest'
import { eidProgram } from '#cli/program.ts'

/** Every command that does something, by all its words. */
function leaves(command: Command, before: readonly string[] = []): readonly { name: string; command: Command }[] {
  if (command.commands.length === 0) return [{ name: before.join(' '), command }]
  return command.commands.flatMap((one) => leaves(one, [...before, one.name()]))
}

test('every command says what it does, and tells its result as JSON too, as the README promises', () => {
  const all = leaves(eidProgram(() => undefined))
  expect(all.length).toBeGreaterThan(40)
  expect(all.filter(({ command }) => command.description() === '').map(({ name }) => name)).toEqual([])
  // One serves until it is stopped, and what the other prints is JSON by itself.
  expect(all.filter(({ command }) => command.options.every(({ long }) => long !== '--json')).map(({ name }) => name)).toEqual(['serve', 'chip simulate'])
})
