import { connect, createServer, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { openFaultProxy, type Fault } from '#test/support/fault-proxy.ts'

/** A server that answers each piece with `re: ` in front, and keeps what it was asked. */
async function opened() {
  const asked: string[] = []
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('data', (piece) => {
      asked.push(String(piece))
      socket.write(`re: ${String(piece)}`)
    })
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const address = server.address()
  const proxy = await openFaultProxy(`redis://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`)
  onTestFinished(async () => {
    await proxy.close()
    for (const socket of sockets) socket.destroy()
    await new Promise((closed) => server.close(closed))
  })
  return { asked, proxy }
}

function dial(url: string) {
  const heard: string[] = []
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  const over = new Promise<string>((ended) => socket.once('close', () => ended('over')))
  socket.on('data', (piece) => heard.push(String(piece)))
  socket.on('error', () => undefined)
  onTestFinished(() => void socket.destroy())
  return { say: (text: string) => socket.write(text), heard, over, isOpen: () => !socket.closed }
}

const soon = () => pause(100)

test('passes what is said, both ways, and takes connections again after each fault', async () => {
  const { asked, proxy } = await opened()
  const faults: Fault[] = [{ is: 'freeze' }, { is: 'lost replies', loses: () => true, ending: 'cut' }, { is: 'cut' }, { is: 'delay', milliseconds: 50 }, { is: 'garbage', bytes: Buffer.from('?') }]
  for (const fault of faults) {
    proxy.fail(fault)
    dial(proxy.url).say('meanwhile')
    proxy.heal()
    const line = dial(proxy.url)
    line.say(`after ${fault.is}`)
    await expect.poll(() => line.heard).toEqual([`re: after ${fault.is}`])
    expect(asked).toContain(`after ${fault.is}`)
  }
  expect(proxy.taken()).toBe(10)
})

test('a freeze keeps connections open and passes nothing until it is over, in both directions', async () => {
  const { asked, proxy } = await opened()
  const line = dial(proxy.url)
  line.say('one')
  await expect.poll(() => line.heard).toEqual(['re: one'])
  proxy.fail({ is: 'freeze' })
  line.say('two')
  await soon()
  expect([asked, line.heard, line.isOpen()]).toEqual([['one'], ['re: one'], true])
  proxy.heal()
  await expect.poll(() => line.heard).toEqual(['re: one', 're: two'])
})

test('a reply is lost after what was asked has arrived, and its connection never speaks again', async () => {
  const { asked, proxy } = await opened()
  const [silent, cut] = [dial(proxy.url), dial(proxy.url)]
  let which = 0
  proxy.fail({ is: 'lost replies', loses: () => (which += 1) === 1, ending: 'silence' })
  silent.say('one')
  await expect.poll(() => [asked, proxy.lost()]).toEqual([['one'], 1])
  cut.say('two')
  await expect.poll(() => cut.heard).toEqual(['re: two'])
  proxy.fail({ is: 'lost replies', loses: () => true, ending: 'cut' })
  cut.say('three')
  expect(await cut.over).toBe('over')
  proxy.heal()
  silent.say('four')
  await expect.poll(() => asked).toEqual(['one', 'two', 'three', 'four'])
  await soon()
  expect([silent.heard, cut.heard, silent.isOpen()]).toEqual([[], ['re: two'], true])
})

test('a cut ends every connection, and each new one at once', async () => {
  const { asked, proxy } = await opened()
  const before = dial(proxy.url)
  before.say('one')
  await expect.poll(() => before.heard).toEqual(['re: one'])
  proxy.fail({ is: 'cut' })
  expect([await before.over, await dial(proxy.url).over, asked]).toEqual(['over', 'over', ['one']])
})

test('a delay keeps the order, and garbage answers what reaches nobody', async () => {
  const { asked, proxy } = await opened()
  const line = dial(proxy.url)
  proxy.fail({ is: 'delay', milliseconds: 40 })
  const began = performance.now()
  line.say('one')
  await pause(5)
  line.say('two')
  await expect.poll(() => line.heard.join('')).toMatch(/^re: one.*two$/)
  expect(performance.now() - began).toBeGreaterThanOrEqual(80)
  proxy.fail({ is: 'garbage', bytes: Buffer.from('$9\r\n') })
  line.say('three')
  await expect.poll(() => line.heard.at(-1)).toBe('$9\r\n')
  expect(asked.join('')).toBe('onetwo')
})
