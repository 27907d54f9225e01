import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { Server } from 'node:http'
import { ClientSecretBasic } from 'openid-client'
import { z } from 'zod'
import { clientIds, demoClients } from './clients.ts'
import { startFaceSimulator } from './face-simulator.ts'
import { makeSignIn, privateKeyJwt } from './service.ts'
import { makeSite } from './site.ts'

export type PortalOptions = { issuer: string; portalPort?: number; libraryPort?: number; /** Where faces are compared, in play. Absent: nowhere. */ facePort?: number }

/** What the portal wants to know: by scope what its task needs by law, by `claims` what people may refuse. */
const portalWants = {
  scope: 'openid profile vn_identity',
  acr_values: 'urn:vn:eid:loa:2',
  claims: JSON.stringify({
    userinfo: {
      email: null,
      phone_number: null,
      verified_claims: {
        verification: {
          trust_framework: null, assurance_level: null, time: null,
          evidence: [{ type: { value: 'electronic_record' }, record: { type: null, source: { name: null } } }],
        },
        claims: { name: { essential: true }, birthdate: { essential: true } },
      },
    },
  }),
}

/**
 * Starts the two demo services, the portal (FAPI 2.0: PAR, DPoP, private_key_jwt; asks for attributes) and the library (client_secret_basic,
 * asks only who it is). They need no provider until somebody signs in.
 */
export async function startPortal(options: PortalOptions): Promise<{ portal: string; library: string; close: () => Promise<void> }> {
  const { portalPort = 3001, libraryPort = 3002 } = options
  const issuer = new URL(options.issuer)
  const portal = `http://localhost:${portalPort}`
  const library = `http://localhost:${libraryPort}`
  const secret = demoClients().find((one) => one.client_id === clientIds.library)?.client_secret
  const services = [
    {
      site: 'portal' as const, origin: portal, otherSite: library, clientId: clientIds.portal,
      clientAuth: await privateKeyJwt(developmentKey()), wants: portalWants, fapi: true, port: portalPort,
    },
    {
      site: 'library' as const, origin: library, otherSite: portal, clientId: clientIds.library,
      clientAuth: ClientSecretBasic(secret), wants: { scope: 'openid' }, fapi: false, port: libraryPort,
    },
  ]
  const servers = services.map((service) => {
    const signIn = makeSignIn({ ...service, issuer })
    return { port: service.port, server: makeSite({ ...service, scope: service.wants.scope, issuer, signIn }) }
  })
  await Promise.all(servers.map(({ server, port }) => listen(server, port)))
  const faces = options.facePort === undefined ? undefined : await startFaceSimulator({ key: faceKey(), audience: () => issuer.origin, port: options.facePort })
  return { portal, library, close: async () => void (await Promise.all([...servers.map(({ server }) => close(server)), faces?.close()])) }
}

const developmentKey = () => keyIn('portal-key.development-only.json')
const faceKey = () => keyIn('face-key.development-only.json')

function keyIn(file: string) {
  return z.looseObject({ kty: z.string(), kid: z.string() }).parse(JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8')))
}

async function listen(server: Server, port: number): Promise<void> {
  server.listen(port, 'localhost')
  await once(server, 'listening')
}

async function close(server: Server): Promise<void> {
  server.close()
  server.closeAllConnections()
  await once(server, 'close')
}

/** A port that somebody has is no fault of the program, and a stack trace would say so. */
function sayWhatIsInUse(error: unknown): never {
  const taken = z.object({ code: z.literal('EADDRINUSE'), port: z.number() }).safeParse(error)
  if (!taken.success) throw error
  console.error(`Port ${taken.data.port} of the demo is in use: stop what listens there. Under npm start that is most often another npm start.`)
  process.exit(1)
}

if (import.meta.main) {
  const portalPort = Number(process.env['DEMO_PORT'] ?? 3001)
  const started = await startPortal({
    issuer: process.env['ISSUER'] ?? 'http://localhost:3000',
    portalPort,
    libraryPort: Number(process.env['DEMO_LIBRARY_PORT'] ?? portalPort + 1),
    ...(process.env['DEMO_FACE_PORT'] !== undefined && { facePort: Number(process.env['DEMO_FACE_PORT']) }),
  }).catch(sayWhatIsInUse)
  console.log(`Cổng dịch vụ công (thử): ${started.portal}\nThư viện công cộng (thử): ${started.library}`)
  const stop = () => void started.close()
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
}
