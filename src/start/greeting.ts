import { join } from 'node:path'
import { places } from '#web/place/citizen.ts'
import { developerPlaces } from '#web/place/developer.ts'
import type { Config } from '#app/config.ts'

type Told = { portal: string; library: string; people: readonly string[] }

/** What `npm start` says once everything listens: where to click, whom to be, and where things are kept. */
export function greeting(config: Config, { portal, library, people }: Told): string {
  const { issuer, smtpUrl, mailDir, dataDir, sandbox } = config
  return `
Định Danh is ready (${stores(config)}).

  Start here         ${portal}    a demo service; sign in and register there
  A second service   ${library}
  My e-ID            ${issuer}${places.account}
  The provider       ${issuer}
${sandbox === undefined ? '' : `  For developers     ${issuer}${developerPlaces.start}    the sandbox itself is ${sandbox.issuer}
`}  Log                ${join(dataDir, 'server.log')}
  Mails              ${smtpUrl === undefined ? mailDir : 'sent through SMTP_URL'}
${people.length === 0 ? '' : `
  Test people (number, name, birth date):
${people.map((line) => `    ${line}`).join('\n')}
`}
  Stop with Ctrl+C. ${kept(config)}`
}

/** One process has an embedded store; several share what is outside. */
function stores({ databaseUrl, redisUrl }: Config): string {
  if (databaseUrl === undefined && redisUrl === undefined) return 'embedded database: for trying and developing, one process only'
  if (databaseUrl === undefined) return 'embedded database, Redis: one process only'
  return redisUrl === undefined ? 'PostgreSQL, short-lived things in this process: one process only' : 'PostgreSQL and Redis'
}

function kept({ databaseUrl, dataDir }: Config): string {
  return databaseUrl === undefined
    ? `Everything is kept under ${dataDir}; delete that folder to begin anew.`
    : `People and accounts are kept in PostgreSQL, development keys and the log under ${dataDir}.`
}
