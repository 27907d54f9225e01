import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { demoClients } from '#demo/clients.ts'
import { startPortal } from '#demo/portal.ts'
import type { Country } from '#chip/synthetic/card.ts'
import { trustedCountry } from './chip-at-desk.ts'
import { freePorts } from './ports.ts'
import { startServer, type TestServer } from './running.ts'

/** Everything that `npm start` starts, in this process and on ports of its own. */
export type Product = { server: TestServer; portal: string; library: string; /** Whose identity cards the server believes. */ country: Country; close: () => Promise<void> }

const faceKeys = join(import.meta.dirname, '..', '..', 'demo', 'face-keys.development-only.json')

/** `more` are clients beside those of the demonstration. */
export async function startProduct({ more = [], env = {}, sandbox = false }: { more?: readonly unknown[]; env?: Record<string, string>; sandbox?: boolean } = {}): Promise<Product> {
  const [portalPort = 0, libraryPort = 0, facePort = 0] = await freePorts(3)
  const { country, ...chips } = trustedCountry()
  const server = await startServer({ env: { ...chips.env, FACE_MATCHER_URL: `http://localhost:${facePort}`, FACE_MATCHER_JWKS_FILE: faceKeys, ...env }, files: { ...chips.files, [faceKeys]: readFileSync(faceKeys, 'utf8') }, sandbox, clients: () => [...demoClients({ portalPort, libraryPort }), ...more] })
  const { portal, library, close } = await startPortal({ issuer: server.issuer, portalPort, libraryPort, facePort })
  return {
    server,
    portal,
    library,
    country,
    close: async () => {
      await close()
      await server.close()
    },
  }
}
