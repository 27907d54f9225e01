import { accessSync, constants, existsSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import { describe, expect, test } from 'vitest'
import { settingNames } from '#app/environment/settings.ts'
import { addAccountCommands } from '#cli/account.ts'
import { addAuditCommands } from '#cli/audit.ts'
import { addDatabaseCommands } from '#cli/database.ts'
import { addDeliveryCommands } from '#cli/delivery.ts'
import { addKeyCommands } from '#cli/keys.ts'
import { addOfficerCommands } from '#cli/officer.ts'
import { addRedisCommands } from '#cli/redis.ts'
import { addServerCommands } from '#cli/server.ts'
import { addTransparencyCommands } from '#cli/transparency.ts'
import { open, root, sources } from '#test/house/source.ts'
import { kubernetes } from '#test/support/deployment.ts'
import { blocks, commandsIn } from '#test/support/runbook.ts'

const { text } = open('docs/runbook.md')
const every = blocks().flatMap(({ lines }) => lines).flatMap(commandsIn)
const inline = [...text.matchAll(/`((?:eid|docker|kubectl|redis-cli|curl) [^`]+)`/g)].flatMap(([, line = '']) => commandsIn(line))
const words = [...every, ...inline].map((one) => one.words)

/** Programs of others that the runbook may use: an operator has them. */
const others = new Set(['curl', 'docker', 'kubectl', 'kill', 'psql', 'redis-cli'])

describe('every command of the runbook', () => {
  test('is one of ours, a script of deploy/, or of a program that operators have', () => {
    expect(every.length).toBeGreaterThan(30)
    expect(words.map(([program = '']) => program).filter((program) => program !== 'eid' && !others.has(program) && !program.startsWith('deploy/'))).toEqual([])
    const scripts = words.flatMap(([program = '']) => (program.startsWith('deploy/') ? [program] : []))
    expect(new Set(scripts)).toEqual(new Set(['deploy/users.sh', 'deploy/backup.sh', 'deploy/restore.sh']))
    for (const script of scripts) accessSync(join(root, script), constants.X_OK)
  })

  test('sets variables that there are', () => {
    expect(every.flatMap(({ env }) => Object.keys(env)).filter((name) => !settingNames.some((one) => one === name))).toEqual([])
  })

  test('names files of the repository that are there, and things that are in them', () => {
    const files = words.flat().filter((word) => /^deploy\//.test(word))
    expect(files.length).toBeGreaterThan(10)
    expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([])
    const named = words.flat().flatMap((word) => /^(deployment|job)\/(.+)$/.exec(word)?.[2] ?? [])
    const there = new Set(kubernetes().map(({ metadata }) => metadata.name))
    expect([named.length > 5, named.filter((name) => !there.has(name))]).toEqual([true, []])
    const secrets = words.filter((line) => line.includes('secret')).map((line) => line[line.indexOf('generic') + 1])
    const wanted = [...JSON.stringify(kubernetes()).matchAll(/"(?:secretName|secret":\{"name)":"(eid-(?:keys|owner|citizen|console))"/g)].map(([, name]) => name)
    expect(new Set(secrets)).toEqual(new Set(wanted))
  })

  test('has the words and options that "eid" knows, and all that it must have', () => {
    const ours = new Map(words.filter(([program]) => program === 'eid').map((line) => [line.join(' '), line.slice(1)]))
    expect(ours.size).toBeGreaterThan(15)
    expect([...ours].flatMap(([line, rest]) => faultsOf(eid, rest).map((fault) => `${line}: ${fault}`))).toEqual([])
    expect([faultsOf(eid, ['serve', '--worker', '2']), faultsOf(eid, ['account', 'close', '1']), faultsOf(eid, ['officer', 'break-glass', 'use'])].map((faults) => faults.length)).toEqual([1, 1, 1])
  })
})

const eid = new Command('eid')
for (const add of [addServerCommands, addDatabaseCommands, addRedisCommands, addAccountCommands, addDeliveryCommands, addTransparencyCommands, addOfficerCommands, addAuditCommands, addKeyCommands]) add(eid, () => undefined)

/** What is wrong with these words as arguments of this command. */
function faultsOf(command: Command, [word = '', ...rest]: readonly string[]): readonly string[] {
  const inner = command.commands.find((one) => one.name() === word)
  if (inner !== undefined) return faultsOf(inner, rest)
  if (command.commands.length > 0) return [`${word} is no command`]
  const said = [word, ...rest].filter((one) => one.startsWith('--')).map((one) => one.split('=')[0] ?? one)
  const given = [word, ...rest].filter((one) => one !== '' && !one.startsWith('--')).length
  const takesValue = command.options.filter(({ long, required }) => required && said.includes(long ?? '')).length
  return [
    ...said.filter((one) => !command.options.some(({ long }) => long === one)).map((one) => `${one} is no option`),
    ...command.options.filter(({ mandatory, long }) => mandatory && !said.includes(long ?? '')).map(({ long }) => `${long} is missing`),
    ...(given - takesValue < command.registeredArguments.filter(({ required }) => required).length ? ['an argument is missing'] : []),
  ]
}

test('what the runbook says one sees, the program says', () => {
  const code = sources().map((file) => file.text).join('\n')
  const figures = [...text.matchAll(/`(eid_[a-z_]+)`/g)].map(([, name = '']) => `'${name}'`)
  expect(figures.length).toBeGreaterThan(3)
  const sentences = [...text.matchAll(/the log says `([^`]+)`/g)].map(([, said = '']) => said)
  expect(sentences.length).toBeGreaterThan(0)
  const codes = [...text.matchAll(/`(service\.[a-z]+)`/g)].map(([, name = '']) => name)
  expect([...figures, ...sentences, ...codes].filter((said) => !code.includes(said))).toEqual([])
  expect([...text.matchAll(/\]\(([^)#h][^)#]*)/g)].map(([, target = '']) => target).filter((target) => !existsSync(join(root, 'docs', target)))).toEqual([])
})
