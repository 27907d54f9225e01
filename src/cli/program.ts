import { Command } from 'commander'
import { addAccountCommands } from './account.ts'
import { addAuditCommands } from './audit.ts'
import { addAuthenticatorCommands } from './authenticator.ts'
import { addChipCommands } from './chip.ts'
import { addClientCommands } from './client.ts'
import { addDatabaseCommands } from './database.ts'
import { addDeliveryCommands } from './delivery.ts'
import { addKeyCommands } from './keys.ts'
import { addOrganisationCommands } from './organisation.ts'
import { addOfficerCommands } from './officer.ts'
import { addRedisCommands } from './redis.ts'
import { addRegistryCommands } from './registry.ts'
import { addServerCommands } from './server.ts'
import { addStatisticsCommands } from './statistics.ts'
import { addTransparencyCommands } from './transparency.ts'
import { withHouse } from './with-house.ts'
import type { Print } from './print.ts'

/** `eid`: what operators do from a terminal. */
export function eidProgram(print: Print): Command {
  const program = new Command('eid')
    .description('Định Danh: the national e-ID server. Configuration comes from the environment; see "eid config check".')
    .showHelpAfterError('(add --help for the options of a command)')
  addServerCommands(program, print)
  addDatabaseCommands(program, print)
  addRedisCommands(program, print)
  addRegistryCommands(program, { print, withHouse })
  addOrganisationCommands(program, { print, withHouse })
  addChipCommands(program, { print })
  addAuthenticatorCommands(program, { print })
  addClientCommands(program, print)
  addAccountCommands(program, print)
  addDeliveryCommands(program, print)
  addTransparencyCommands(program, print)
  addOfficerCommands(program, print)
  addAuditCommands(program, print)
  addStatisticsCommands(program, print)
  addKeyCommands(program, print)
  return program
}
