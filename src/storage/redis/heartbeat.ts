import { ReplyError, type Redis } from 'ioredis'
import { primaries, type RedisClient } from './open.ts'

const everyMilliseconds = 500
/** So often in a row nothing may come; one late answer is no reason to leave. */
const most = 3

/**
 * A connection may stand and never answer again: one whose last answer has no end takes all that follow for its middle, and one whose
 * firewall forgot it is silent for hours. ioredis gives up the command and keeps the connection. So each is asked twice a second and left
 * when nothing comes three times in a row, and at once when something else comes than was asked for; ioredis then opens another.
 */
export function leaveTheSilent(client: RedisClient): void {
  const silences = new WeakMap<Redis['stream'], number>()
  let turn = 0

  async function ask(server: Redis): Promise<void> {
    const { stream } = server
    turn += 1
    const heard = await answerTo(server, String(turn))
    const silent = heard === 'nothing' ? (silences.get(stream) ?? 0) + 1 : 0
    silences.set(stream, silent)
    if (heard !== 'something else' && silent < most) return
    // What was asked on a connection that has ended meanwhile says nothing of the one after it.
    if (server.status === 'ready' && server.stream === stream) server.disconnect(true)
  }

  const timer = setInterval(() => {
    for (const server of primaries(client)) if (server.status === 'ready') void ask(server)
  }, everyMilliseconds)
  timer.unref()
  client.once('end', () => clearInterval(timer))
}

/** One that says no has answered. */
async function answerTo(server: Redis, word: string): Promise<'the word' | 'something else' | 'nothing'> {
  try {
    return (await server.ping(word)) === word ? 'the word' : 'something else'
  } catch (error) {
    return error instanceof ReplyError ? 'the word' : 'nothing'
  }
}
