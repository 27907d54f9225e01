import { Client } from 'pg'
import type { Plane } from '#kernel/plane.ts'
import { Refusal } from '#kernel/refusal.ts'
import { addressesIn } from './hosts.ts'
import { patientConnections } from './pool.ts'

/**
 * What one server of ours may take of what PostgreSQL gives, in fifths: the last one is for restarts and the operator. Of two planes at one PostgreSQL each
 * has its own part (decision 0012), or both could take four fifths and neither would be refused.
 */
const fifths = { all: 4, citizen: 3, console: 1 } as const satisfies Record<Plane, number>

/** `processes` of one server with so many connections each, at the worst moment: all of them busy, and one at long work. */
export function connectionsWanted(processes: number, each: number): number {
  return processes * each + patientConnections
}

export function fits(wanted: number, given: number, plane: Plane): boolean {
  return wanted <= Math.floor((given * fifths[plane]) / 5)
}

/**
 * Limits are computed and asserted at the start, not found out on the busiest day (DigiD 2023; security goals R09). Throws `Refusal` when the
 * processes of this server could want more than their plane's part of the connections that PostgreSQL gives to ordinary roles. A server that does not
 * answer is passed over here: whoever opens it says so.
 */
export async function refuseTooMany(url: string, { processes, each, plane }: { processes: number; each: number; plane: Plane }): Promise<void> {
  const given = await connectionsOf(url)
  const wanted = connectionsWanted(processes, each)
  if (given === undefined || fits(wanted, given, plane)) return
  throw new Refusal(
    `PostgreSQL gives ${given} connections, and this server could want ${wanted} (${processes} × ${each}, and ${patientConnections} for long work), more than the ${fifths[plane]} of 5 parts that PLANE=${plane} may take: ` +
    'start fewer processes with --workers, lower DATABASE_CONNECTIONS, raise max_connections, or put PgBouncer between and name PostgreSQL itself in DATABASE_DIRECT_URL.',
  )
}

async function connectionsOf(url: string): Promise<number | undefined> {
  for (const connectionString of addressesIn(url)) {
    const client = new Client({ connectionString, connectionTimeoutMillis: 2000, query_timeout: 2000 })
    client.on('error', () => undefined)
    try {
      await client.connect()
      const { rows } = await client.query<{ connections: number }>(`select current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int as connections`)
      return rows[0]?.connections
    } catch {
      // The next host, or nobody: not being reachable is told by whoever needs it.
    } finally {
      await client.end().catch(() => undefined)
    }
  }
  return undefined
}
