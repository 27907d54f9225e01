import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import { smsGateway } from '#storage/sms/gateway.ts'
import { freePorts } from '#test/support/ports.ts'

const sms = { id: 'one', to: '+84912345678', text: 'Định danh điện tử: khóa mới.', language: 'vi' as const }

type Heard = { headers: IncomingMessage['headers']; url: string; body: string }

/** The gateway of a telephone company, which answers like this. */
async function gateway(answer: (response: ServerResponse, count: number) => void) {
  const [port = 0] = await freePorts(1)
  const heard: Heard[] = []
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      heard.push({ headers: request.headers, url: `${request.method} ${request.url}`, body })
      answer(response, heard.length)
    })
  })
  await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://eid:s3cr%40t@127.0.0.1:${port}/v1/messages`, heard }
}

const says = (status: number, headers: Record<string, string> = {}) => (response: ServerResponse) => void response.writeHead(status, headers).end('whatever')

/** A sender whose clock stands unless it is moved. */
function sender(url: string) {
  let now = Date.parse('2026-11-26T05:00:00Z')
  return { ...smsGateway({ url, clock: { now: () => new Date(now) } }), wait: (milliseconds: number) => void (now += milliseconds) }
}

test('a message is handed over as docs/sms.md has it', async () => {
  const { url, heard } = await gateway(says(202))
  expect(await sender(url).send(sms)).toBe('taken')
  expect(heard).toEqual([{ url: 'POST /v1/messages', body: JSON.stringify(sms), headers: expect.objectContaining({
    'content-type': 'application/json', 'idempotency-key': 'one', authorization: `Basic ${Buffer.from('eid:s3cr@t').toString('base64')}`,
  }) }])
})

test.each([410, 422])('a number that takes none (%i) is over', async (status) => {
  expect(await sender((await gateway(says(status))).url).send(sms)).toBe('refused')
})

test.each([[400, {}], [401, {}], [429, {}], [500, {}], [503, {}], [302, { location: 'http://127.0.0.1:1/elsewhere' }]])('anything else (%i) was not taken over, and the failure names no number', async (status, headers) => {
  const failure = await sender((await gateway(says(status, headers))).url).send(sms).then(() => undefined, (error: unknown) => error)
  expect(failure).toMatchObject({ code: 'service.unavailable' })
  expect(JSON.stringify(failure, Object.getOwnPropertyNames(failure))).not.toMatch(/84912345678|s3cr/)
})

test('a gateway that never answers ends within its deadline', async () => {
  const began = Date.now()
  await expect(sender((await gateway(() => undefined)).url).send(sms)).rejects.toMatchObject({ code: 'service.unavailable' })
  expect(Date.now() - began).toBeLessThan(20_000)
}, 30_000)

test('one that is down is left alone after five failures, and asked once more when it has rested', async () => {
  const { url, heard } = await gateway((response, count) => void response.writeHead(count <= 5 ? 500 : 200).end())
  const { send, wait } = sender(url)
  for (let at = 0; at < 8; at += 1) await expect(send(sms)).rejects.toMatchObject({ code: 'service.unavailable' })
  expect(heard).toHaveLength(5)
  wait(5001)
  expect([await send(sms), heard.length]).toEqual(['taken', 6])
})

test('nobody at the address is a failure like others', async () => {
  const [port = 0] = await freePorts(1)
  await expect(sender(`http://127.0.0.1:${port}/`).send(sms)).rejects.toMatchObject({ code: 'service.unavailable', detail: { sms: 'unreachable' } })
})
