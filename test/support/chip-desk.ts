import { createServer, type IncomingMessage } from 'node:http'
import { onTestFinished } from 'vitest'
import { z } from 'zod'
import { systemClock } from '#kernel/clock.ts'
import { askedBody, questionBody, readingBody } from '#domain/chip/body.ts'
import { beginReading, finishReading } from '#domain/chip/reading.ts'
import { openTrustText } from '#chip/pem.ts'
import { chipProver } from '#chip/prover.ts'
import { embeddedVolatile } from '#storage/embedded/volatile.ts'
import { chipChallenges } from '#storage/chip-challenges.ts'
import { rules } from './chip.ts'

/** A desk that reads chips as docs/chip.md says, and tells what it thinks of them. Whoever has the token is one reader. */
export async function openDesk(trust: string, token: string): Promise<string> {
  const opened = openTrustText(trust, rules)
  if (opened.is === 'refused') throw new TypeError(opened.reason)
  const tools = {
    chip: chipProver(() => opened.trust, rules), clock: systemClock, rules,
    challenges: chipChallenges(embeddedVolatile({ clock: systemClock }), rules.challengeSeconds),
  }
  const answers: Readonly<Record<string, (body: unknown) => Promise<unknown>>> = {
    '/chip/question': async (body) => {
      const begun = await beginReading(tools, 'reader', questionBody(rules).parse(body).dg14)
      return begun.is === 'refused' ? begun : askedBody(begun.reading, begun.question)
    },
    '/chip/reading': (body) => finishReading(tools, 'reader', readingBody(rules).parse(body)),
  }
  const server = createServer((request, response) => void (async () => {
    const answer = request.headers.authorization === `Bearer ${token}` ? answers[request.url ?? ''] : undefined
    response.writeHead(answer === undefined ? 403 : 200, { 'content-type': 'application/json' })
    response.end(JSON.stringify(await answer?.(await bodyOf(request)) ?? {}))
  })())
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  onTestFinished(() => void server.close())
  const { port } = z.object({ port: z.int() }).parse(server.address())
  return `http://127.0.0.1:${port}/chip`
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) text += String(chunk)
  return JSON.parse(text)
}
