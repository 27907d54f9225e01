import type { Command } from 'commander'
import { proposalId } from '#kernel/id.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { KeptApproval } from '#domain/proposal/store.ts'
import { keptFault, signerOf, type ApprovalFault } from '#domain/proposal/verify.ts'
import { configOrExit } from './config-or-exit.ts'
import type { Print } from './print.ts'
import { withHouse } from './with-house.ts'

type Flags = { json?: boolean }

/** `audit verify-approval`: whether the second person signed what took effect. */
export function addAuditCommands(program: Command, print: Print): void {
  const audit = program.command('audit').description('Proof of what was decided')

  audit.command('verify-approval')
    .description('Check that a second person\'s key signed this very change: everything is hashed and verified again from what is stored')
    .argument('<id>', 'the id of the proposal, as its page shows')
    .option('--json', 'tell the result as JSON')
    .addHelpText('after', '\nExit code 1: the approval does not hold.')
    .action((id: string, flags: Flags) => runVerify(print, id, flags))
}

const sentences: Readonly<Record<ApprovalFault, string>> = {
  'not-approved': 'The proposal is not approved.',
  'same-person': 'The same person has proposed and approved.',
  'foreign-key': 'The key is not one of the person who decided.',
  'foreign-origin': 'It was signed for another server than this.',
  'wrong-signature': 'The signature is not over this change: the proposal or the signature was altered.',
  unreadable: 'What is stored is no proposal any more: the row was altered.',
  gone: 'The log of record has this approval, and the proposal is not there or is not approved any more.',
  unrecorded: 'The log of record has no such approval: who decided, when, or by what evidence was altered.',
}

async function runVerify(print: Print, typed: string, flags: Flags): Promise<void> {
  const id = proposalId.safeParse(typed).data
  const issuer = new URL(configOrExit().issuer)
  const { kept, fault } = await withHouse(async ({ proposals, passkeys }) => {
    const found = id && (await proposals.kept(id))
    if (found === undefined) throw new Refusal('There is no proposal with this id.')
    return { kept: found, fault: await keptFault(found, { rp: { id: issuer.hostname, origin: issuer.origin }, passkey: await signerOf({ passkeys }, found) }) }
  })
  if (fault !== undefined) process.exitCode = 1
  if (flags.json) return print(JSON.stringify({ ...plain(kept), fault: fault ?? null }))
  const { by, act } = plain(kept)
  print(fault === undefined ? `The approval holds: ${by} signed ${act} as it stands.` : `The approval does NOT hold. ${sentences[fault]}`)
}

function plain({ id, proposal }: KeptApproval) {
  const { change, proposer, decision } = proposal ?? {}
  return { proposal: id, act: change?.act ?? null, proposer: proposer ?? null, by: decision?.by ?? null, at: decision?.at.toISOString() ?? null }
}
