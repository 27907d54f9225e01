import { type DestinationStream, pino } from 'pino'
import type { Log } from '#kernel/log.ts'

export type LogOptions = {
  /** One of pino's levels, or `silent`. */
  level: string
  /** Default: standard output. Pass `process.stderr` where standard output carries an answer. */
  to?: DestinationStream
}

/**
 * Names under which a personal attribute or a secret could slip in. A net, not a plan: pino looks one level down and no
 * further.
 */
export const hidden: readonly string[] = [
  'personalNumber', 'personal_number', 'number', 'name', 'fullName', 'familyName', 'middleName', 'givenNames', 'givenName',
  'bornOn', 'birthDate', 'birthdate', 'address', 'residence', 'email', 'phone', 'contact',
  'assertion', 'attestation', 'challenge', 'code', 'nonce', 'state', 'body', 'form', 'headers', 'query', 'url', 'parameters', 'detail',
  'cookie', 'cookies', 'authorization', 'token', 'accessToken', 'access_token', 'refreshToken', 'refresh_token',
  'idToken', 'id_token', 'clientSecret', 'client_secret', 'clientAssertion', 'client_assertion', 'password', 'secret',
]

/** Makes the log of this process: JSON lines, one object each. */
export function makeLog({ level, to }: LogOptions): Log {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: describeError },
    redact: { paths: hidden.flatMap((name) => [name, `*.${name}`]), censor: '[hidden]' },
  }
  return speaking(to === undefined ? pino(options) : pino(options, to))
}

function speaking(logger: pino.Logger): Log {
  const at = (level: Exclude<keyof Log, 'with'>): Log['info'] => (fields, message, error) => {
    logger[level](error === undefined ? fields : { ...fields, err: error }, message)
  }
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    fatal: at('fatal'),
    with: (fields) => speaking(logger.child(fields)),
  }
}

type DescribedError = { type: string; problem?: string; stack?: string; cause?: DescribedError }

/**
 * What may be said of an error: its class, its code, where it was thrown. Its message is left out, for messages of
 * PostgreSQL, zod and JSON.parse quote the values they stumbled over; the frames of its stack hold only our code.
 */
export function describeError(error: unknown, depth = 0): DescribedError {
  if (!(error instanceof Error)) return { type: typeof error }
  const problem = 'code' in error && isCode(error.code) ? error.code : undefined
  const stack = framesOf(error)
  return {
    type: error.name,
    ...(problem === undefined ? {} : { problem }),
    ...(stack === undefined ? {} : { stack }),
    ...(error.cause === undefined || depth >= 3 ? {} : { cause: describeError(error.cause, depth + 1) }),
  }
}

/** `passkey.challenge-spent`, `ECONNREFUSED`, SQLSTATE `23505`: words made by programs, never by people. */
function isCode(code: unknown): code is string {
  return typeof code === 'string' && /^[A-Za-z][\w.-]{1,60}$|^[0-9A-Z]{5}$/.test(code)
}

/** The stack begins with the message, which may run over many lines; only lines of frames are kept. */
function framesOf(error: Error): string | undefined {
  const frames = error.stack?.split('\n').filter((line) => /^\s+at /.test(line)).slice(0, 20).map((line) => line.trim())
  return frames === undefined || frames.length === 0 ? undefined : frames.join('\n')
}
