import '#app/node-version.ts'
import { program } from 'commander'
import { addAccountCommands } from './account.ts'
import { addClientCommands } from './client.ts'
import { addRegistryCommands, type House as RegistryHouse } from './registry.ts'
import { addServerCommands } from './server.ts'
import { tellAndExit } from './tell.ts'
import { withHouse } from './with-house.ts'

/** `eid`: what operators do from a terminal. Answers go to standard output, everything else to standard error. */
const print = (text: string) => void process.stdout.write(`${text}\n`)

program
  .name('eid')
  .description('Định Danh: the national e-ID server. Configuration comes from the environment; see "eid config check".')
  .showHelpAfterError('(add --help for the options of a command)')

const registryHouse: RegistryHouse = { print, withStores: (work) => withHouse(work) }
addServerCommands(program, print)
addRegistryCommands(program, registryHouse)
addClientCommands(program, print)
addAccountCommands(program, print)

await program.parseAsync().catch(tellAndExit)
