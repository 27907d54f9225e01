import { InvalidArgumentError, type Command } from 'commander'
import { z } from 'zod'
import { startOfDay } from '#kernel/clock.ts'
import { proposalId } from '#kernel/id.ts'
import { Refusal } from '#kernel/refusal.ts'
import { settledSeconds } from '#domain/audit/gap.ts'
import type { KeptApproval } from '#domain/proposal/store.ts'
import { verdictOn, type ApprovalFault } from '#domain/proposal/verify.ts'
import { configOrExit } from './config-or-exit.ts'
import type { Print } from './print.ts'
import { withHouse } from './with-house.ts'

type Flags = { json?: boolean }

/** `audit verify-approval`: whether the second person signed what took effect. `audit gaps`: whether events are missing. */
export function addAuditCommands(program: Command, print: Print): void {
  const audit = program.command('audit').description('Proof of what was decided')

  audit.command('verify-approval')
    .description('Check that a second person\'s key signed this very change: everything is hashed and verified again from what is stored')
    .argument('<id>', 'the id of the proposal, as its page shows')
    .option('--json', 'tell the result as JSON')
    .addHelpText('after', '\nExit code 1: the approval does not hold.')
    .action((id: string, flags: Flags) => runVerify(print, id, flags))

  audit.command('gaps')
    .description('Look for events that were taken out of the log of record: each process numbers what it writes, and a number that is missing is an event that is')
    .option('--since <day>', 'from the beginning of this day in Viet Nam on, as YYYY-MM-DD; a day back where nothing is said', readDay)
    .option('--json', 'tell the result as JSON')
    .addHelpText('after', '\nExit code 1: numbers are missing, or stand twice. The last events of a process that has ended are not missed here.')
    .action((flags: Flags & { since?: Date }) => runGaps(print, flags))
}

function readDay(text: string): Date {
  if (!z.iso.date().safeParse(text).success) throw new InvalidArgumentError('It takes a day as YYYY-MM-DD.')
  return startOfDay(text)
}

async function runGaps(print: Print, flags: Flags & { since?: Date }): Promise<void> {
  const { events, gaps, doubles } = await withHouse(({ auditSequence, clock }) => {
    const now = clock.now().getTime()
    return auditSequence.faults({ since: flags.since ?? new Date(now - 86_400_000), until: new Date(now - settledSeconds * 1000) })
  })
  if (gaps.length + doubles.length > 0) process.exitCode = 1
  if (flags.json) return print(JSON.stringify({ events, gaps, doubles }))
  for (const { node, boot, after, before, at } of gaps) print(`${node}   start ${boot}   no event between ${after} and ${before}, which was written at ${at.toISOString()}`)
  for (const { node, boot, seq } of doubles) print(`${node}   start ${boot}   number ${seq} stands twice`)
  print(gaps.length + doubles.length === 0 ? `${events} events were looked at, and none is missing between them.` : `${events} events were looked at: ${gaps.length} gaps, ${doubles.length} numbers that stand twice.`)
}

const sentences: Readonly<Record<ApprovalFault, string>> = {
  'not-approved': 'The proposal is not approved.',
  'same-person': 'The same person has proposed and approved.',
  'foreign-key': 'The key is not one of the person who decided.',
  'foreign-origin': 'It was signed for another server than this.',
  'wrong-signature': 'The signature is not over this change: the proposal or the signature was altered.',
  unreadable: 'What is stored is no proposal any more: the row was altered.',
  gone: 'The log of record has this approval, and the proposal is not there or is not approved any more.',
  'unnamed-key': 'The key was not named for the person who decided: it came after their role was given, by whoever could write keys.',
  'not-in-office': 'Whoever decided had no role then by which such things are decided, or none that was itself given so.',
  unrecorded: 'The log of record has no such approval: who decided, when, or by what evidence was altered.',
}

async function runVerify(print: Print, typed: string, flags: Flags): Promise<void> {
  const id = proposalId.safeParse(typed).data
  const issuer = new URL(configOrExit().issuer)
  const { kept, fault } = await withHouse(async (house) => {
    const found = id && (await house.proposals.kept(id))
    if (found === undefined) throw new Refusal('There is no proposal with this id.')
    return { kept: found, fault: (await verdictOn({ ...house, rp: { id: issuer.hostname, origin: issuer.origin } }, found)).fault }
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
