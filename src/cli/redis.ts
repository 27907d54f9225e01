import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { Refusal } from '#kernel/refusal.ts'
import { aclLineOf } from '#storage/redis/rights.ts'
import type { Print } from './print.ts'

type Flags = { json?: boolean; citizen?: string; console?: string }

/** `redis acl`. */
export function addRedisCommands(program: Command, print: Print): void {
  program.command('redis').description('The users of Redis').command('acl')
    .description('Say the lines of an ACL file for the users of both planes, each with what its plane needs and nothing else')
    .option('--citizen <file>', 'a file with the password of eid_citizen')
    .option('--console <file>', 'a file with the password of eid_console')
    .option('--json', 'tell the result as JSON')
    .addHelpText('after', '\nPut the lines into the ACL file of every server of Redis (aclfile in redis.conf), copies and nodes of a cluster included, beside\na user of your own for administration and replication, and switch "default" off. Without a file the hash of the password is\nleft for you to fill in. Run it again with every new version, and load the file (ACL LOAD) before its processes start.')
    .action((flags: Flags) => runAcl(print, flags))
}

async function runAcl(print: Print, { json, citizen, console }: Flags): Promise<void> {
  const lines = [aclLineOf('citizen', await passwordIn(citizen)), aclLineOf('console', await passwordIn(console))]
  print(json ? JSON.stringify({ lines }) : lines.join('\n'))
}

/** As the shell reads it (deploy/users.sh): without the ends of lines. */
async function passwordIn(file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return undefined
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new Refusal(`${file} cannot be read.`, { cause })
  })
  const password = text.replace(/\r?\n$/, '')
  if (password === '') throw new Refusal(`${file} is empty: who needs no password is everybody.`)
  return password
}
