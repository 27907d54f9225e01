import { readFile } from 'node:fs/promises'
import { Option, type Command } from 'commander'
import { systemClock, type Clock } from '#kernel/clock.ts'
import { Refusal } from '#kernel/refusal.ts'
import { filesBody } from '#domain/chip/body.ts'
import { chipRulesSchema } from '#domain/chip/rules.ts'
import { openTrustText } from '#chip/pem.ts'
import { readRule } from '#app/rules.ts'
import { chipKinds, postReading, simulateCard, type ChipKind } from './chip-simulate.ts'
import type { Print } from './print.ts'

type SimulateFlags = { country: string; seed: string; number?: string; chip: ChipKind; post?: string; token?: string }

/** `chip trust` and `chip simulate` (docs/chip.md). */
export function addChipCommands(program: Command, { print, clock = systemClock }: { print: Print; clock?: Clock }): void {
  const chip = program.command('chip').description('Chips of identity cards (docs/chip.md)')

  chip.command('trust')
    .description('Say whom a trust store trusts: authorities, and how old their lists of revoked signers are')
    .argument('<file>', 'PEM with certificates of country signing authorities and their revocation lists')
    .option('--json', 'tell the result as JSON')
    .action((file: string, flags: { json?: boolean }) => runTrust(print, file, { ...flags, now: clock.now() }))

  chip.command('simulate')
    .description('Make a card of a synthetic person, signed by a country that nobody trusts, and read it as a reader does')
    .requiredOption('--country <folder>', 'where the synthetic country is kept, or made; its trust.pem is what would trust it')
    .option('--seed <seed>', 'whose card: the first of the people of this seed who has one', '1')
    .option('--number <number>', 'whose card: the one of the people of this seed who has this personal number')
    .addOption(new Option('--chip <kind>', 'how it proves that it is no copy').choices(Object.keys(chipKinds)).default('signs'))
    .option('--post <url>', 'read it to a server there; without, the files are printed as JSON')
    .option('--token <token>', 'what the reader proves itself with (Bearer): the code that the desk shows')
    .action((flags: SimulateFlags) => runSimulate(print, flags, clock))
}

async function runTrust(print: Print, file: string, { json, now }: { json?: boolean; now: Date }): Promise<void> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new Refusal(`${file} cannot be read: check the path and the permissions.`, { cause })
  })
  const opened = openTrustText(text, readRule('chip', chipRulesSchema))
  if (opened.is === 'refused') throw new Refusal(`${file} cannot be trusted: ${opened.reason} (${opened.part ?? 'file'}).`)
  const authorities = opened.trust.anchors.map(({ country, fingerprint, notBefore, notAfter, publicKey }) => ({
    country: country ?? '', fingerprint, from: notBefore.toISOString(), until: notAfter.toISOString(),
    key: publicKey.curve === undefined ? `RSA-${publicKey.bits}` : `EC-${publicKey.bits}`, inForce: notBefore <= now && now <= notAfter,
  }))
  const lists = opened.trust.lists.map(({ thisUpdate, nextUpdate, revoked }) => ({
    of: thisUpdate.toISOString(), until: nextUpdate.toISOString(), revoked: revoked.size, inForce: thisUpdate <= now && now <= nextUpdate,
  }))
  if (authorities.length === 0) throw new Refusal(`${file} names no authority: no card would be believed.`)
  if (json) return print(JSON.stringify({ authorities, lists }))
  for (const { country, fingerprint, until, key, inForce } of authorities) print(`${country}   ${fingerprint}   ${key}   until ${until}${inForce ? '' : '   NOT IN FORCE'}`)
  for (const { of, until, revoked, inForce } of lists) print(`list of ${of}   ${revoked} revoked   until ${until}${inForce ? '' : '   NOT IN FORCE'}`)
}

async function runSimulate(print: Print, { country: folder, seed, number, chip: kind, post, token }: SimulateFlags, clock: Clock): Promise<void> {
  const made = await simulateCard({ folder, seed, number, kind, at: clock.now() })
  print(JSON.stringify(post === undefined ? filesBody(made.files) : await postReading(made, post, token)))
}
