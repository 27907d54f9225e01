import '#app/node-version.ts'
import { endQuietlyWhenUnread, print } from './print.ts'
import { eidProgram } from './program.ts'
import { tellAndExit } from './tell.ts'

endQuietlyWhenUnread()

await eidProgram(print).parseAsync().catch(tellAndExit)
