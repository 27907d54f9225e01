import { hostname } from 'node:os'
import type { Config } from './config.ts'

/**
 * What events of the log of record and the list of nodes call this process: the machine, the port, the plane where there are two, and which of several it is.
 * Two processes of one machine may have one port, each on an address or in a network of its own, and are not one for that (L05).
 */
export function nodeNameOf({ nodeName = hostname(), port, plane }: Pick<Config, 'nodeName' | 'port' | 'plane'>, worker?: number): string {
  return `${nodeName}:${port}${plane === 'all' ? '' : `/${plane}`}${worker === undefined ? '' : `#${worker}`}`
}
