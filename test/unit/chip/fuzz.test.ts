import { expect, test } from 'vitest'
import { dice, type Dice } from '#domain/registry/synthetic/dice.ts'
import { chipProver } from '#chip/prover.ts'
import { makeChip } from '#chip/synthetic/chip.ts'
import { makeWorld, readCard, regrouped, rules, type World } from '#test/support/chip.ts'

const worlds = [makeWorld({ chip: makeChip({ active: { curve: 'brainpoolP256r1' } }) }), makeWorld({ chip: makeChip({ active: { rsa: 1024 }, agreement: { curve: 'prime256v1', cipher: 2 } }) })]

/** Changes that are never the same bytes as before. */
const changes: readonly ((bytes: Buffer, by: Dice) => Buffer)[] = [
  (bytes, by) => replaced(bytes, by.below(bytes.length), by.between(1, 255)),
  (bytes, by) => bytes.subarray(0, by.below(bytes.length)),
  (bytes, by) => bytes.subarray(by.between(1, bytes.length)),
  (bytes, by) => inserted(bytes, by.between(0, bytes.length), by.between(0, 255)),
  (bytes, by) => without(bytes, by.below(bytes.length), by.between(1, 40)),
  (bytes, by) => Buffer.concat([bytes, bytes.subarray(by.below(bytes.length))]),
  (bytes, by) => Array.from({ length: by.between(2, 6) }).reduce<Buffer>((changed, _, at) => replaced(changed, (by.below(bytes.length) + at) % bytes.length, by.between(1, 255)), bytes),
]

function replaced(bytes: Buffer, at: number, mask: number): Buffer {
  const copy = Buffer.from(bytes)
  copy.writeUInt8(copy.readUInt8(at) ^ mask, at)
  return copy
}
const inserted = (bytes: Buffer, at: number, byte: number): Buffer => Buffer.concat([bytes.subarray(0, at), Buffer.of(byte), bytes.subarray(at)])
const without = (bytes: Buffer, at: number, count: number): Buffer => Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + count)])

/** One thing that was read, changed: the security object, a data group, or what the chip answers. */
function spoilt(world: World, by: Dice): Partial<World> | undefined {
  const { files } = world
  const spoil = (bytes: Buffer): Buffer => by.pick(changes)(bytes, by)
  const group = by.pick([...files.groups.keys()])
  const target = by.below(10)
  const was = target < 6 ? files.sod : (files.groups.get(group) ?? Buffer.alloc(0))
  const now = spoil(was)
  if (target === 9) return { answer: (question) => mapped(world.answer(question), spoil) }
  if (now.equals(was)) return undefined
  return { files: target < 6 ? { ...files, sod: now } : { ...files, groups: regrouped(files.groups, group, now) } }
}

function mapped({ active, agreed }: ReturnType<World['answer']>, spoil: (bytes: Buffer) => Buffer): ReturnType<World['answer']> {
  // Only the status word behind an answer under agreed keys is under no checksum.
  return { active: active && spoil(active), agreed: agreed && Buffer.concat([spoil(agreed.subarray(0, -2)), Buffer.of(0x90, 0)]) }
}

test.each(worlds)('C02 whatever is changed, nothing throws and nothing is verified', async (world) => {
  expect(await readCard(world)).toMatchObject({ is: 'verified' })
  const by = dice('chip')
  const reasons = new Set<string>()
  for (let round = 0; round < 1_200; round += 1) {
    const change = spoilt(world, by)
    if (change === undefined) continue
    const outcome = await readCard({ ...world, ...change })
    reasons.add(outcome.is === 'refused' ? outcome.reason : `verified in round ${round}`)
  }
  expect([...reasons].filter((reason) => reason.startsWith('verified'))).toEqual([])
  // It has not all ended at the first door.
  expect(reasons.size).toBeGreaterThan(12)
})

test.each(worlds.slice(0, 1))('C02 no single bit of the security object can be another', async (world) => {
  const { sod } = world.files
  const verified: number[] = []
  for (let at = 0; at < sod.length; at += 1) {
    const outcome = await readCard({ ...world, files: { ...world.files, sod: replaced(sod, at, 1 << (at % 8)) } })
    if (outcome.is === 'verified') verified.push(at)
  }
  expect([sod.length > 900, verified]).toEqual([true, []])
})

test('C02 no single bit of DG14 makes asking throw, though nobody has signed it yet', async () => {
  const dg14 = worlds[1]?.files.groups.get(14) ?? Buffer.alloc(0)
  const chip = chipProver(() => ({ anchors: [], lists: [] }), rules)
  const asked = Array.from({ length: dg14.length * 8 }, (_, bit) => chip.ask(replaced(dg14, bit >> 3, 1 << (bit & 7))).is)
  expect([asked.length > 800, new Set(asked)]).toEqual([true, new Set(['asked', 'refused'])])
})
