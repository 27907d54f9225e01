import { createServer, type IncomingMessage } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cameThrough, silenceStrangers, trustedProxies } from '#web/request/proxy.ts'

/** A real request as it arrived, with its headers in its own words. */
let arrived: IncomingMessage
const server = createServer((request, response) => {
  arrived = request
  response.end()
})
beforeAll(() => new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening)))
afterAll(() => new Promise((closed) => server.close(closed)))

async function arrivesFrom(proxies: readonly string[]): Promise<{ through: boolean; headers: Readonly<Record<string, unknown>> }> {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('a listening server has a port')
  await fetch(`http://127.0.0.1:${address.port}/`, { headers: { 'client-cert': ':AAAA:', 'Client-Verify': 'SUCCESS', 'x-forwarded-for': '10.0.0.1', other: 'kept' } })
  const trusted = trustedProxies(proxies)
  silenceStrangers(arrived, trusted, ['client-cert', 'client-verify'])
  return { through: cameThrough(trusted, arrived), headers: arrived.headers }
}

test('S07: headers in which a proxy speaks are removed when anybody else sends them, also one who claims to be a proxy', async () => {
  const { through, headers } = await arrivesFrom(['10.0.0.1'])
  expect([through, headers['client-cert'], headers['client-verify'], headers['other']]).toEqual([false, undefined, undefined, 'kept'])
})

test('S07: they stay when the connection is from a proxy of ours', async () => {
  const { through, headers } = await arrivesFrom(['127.0.0.0/8'])
  expect([through, headers['client-cert'], headers['client-verify']]).toEqual([true, ':AAAA:', 'SUCCESS'])
})
