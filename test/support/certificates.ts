import { execFileSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A certificate and its key, in PEM. */
export type Certified = { cert: string; key: string }
export type Wish = {
  /** As `openssl req -subj` takes it, from the root down: `/C=VN/CN=…`. */
  subject: string
  /** Subject alternative names as `openssl x509v3_config` writes them, one to a line: `DNS.1=…`. */
  names?: readonly string[]
  /** -1 is over already. */
  days?: number
  use?: 'clientAuth' | 'serverAuth'
  /** P-256 unless told otherwise. */
  keys?: 'rsa'
  /** Instead of those of a client or server, as `openssl x509v3_config` writes them. */
  extensions?: readonly string[]
}
export type Authority = Certified & { issue: (wish: Wish) => Certified; /** An authority below this one. */ below: (subject: string) => Authority }

const made = ['-nodes', '-utf8', '-keyout', 'key']
const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', ...made]
const rsa = ['-newkey', 'rsa:2048', ...made]

function inFolder<Made>(make: (run: (...args: readonly string[]) => void, at: (file: string) => string) => Made): Made {
  const folder = mkdtempSync(join(tmpdir(), 'dinh-danh-certificate-'))
  try {
    return make((...args) => void execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' }), (file) => join(folder, file))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const madeIn = (at: (file: string) => string): Certified => ({ cert: readFileSync(at('cert'), 'utf8'), key: readFileSync(at('key'), 'utf8') })

/** A root of its own. */
export function makeAuthority(subject: string): Authority {
  return inFolder((run, at) => {
    run('req', '-x509', ...curve, '-out', 'cert', '-days', '2', '-subj', subject, '-addext', 'keyUsage=critical,keyCertSign')
    return authorityOf(madeIn(at))
  })
}

/** Whoever holds the key of a certificate can sign with it, whether it may or not. */
export function authorityOf(own: Certified): Authority {
  return {
    ...own,
    issue: ({ subject, names = [], days = 2, use = 'clientAuth', extensions, keys }) => sign(own, subject, {
      days, keys,
      // Without it the issuer's name and signature alone say who issued it.
      extensions: extensions ?? ['basicConstraints=CA:FALSE', 'authorityKeyIdentifier=none', `extendedKeyUsage=${use}`, ...(names.length > 0 ? ['subjectAltName=@names', '[names]', ...names] : [])],
    }),
    below: (subject) => authorityOf(sign(own, subject, { days: 2, extensions: ['basicConstraints=critical,CA:TRUE', 'keyUsage=critical,keyCertSign'] })),
  }
}

function sign(authority: Certified, subject: string, { days, extensions, keys }: { days: number; extensions: readonly string[]; keys?: Wish['keys'] }): Certified {
  return inFolder((run, at) => {
    writeFileSync(at('authority'), authority.cert)
    writeFileSync(at('authority-key'), authority.key)
    writeFileSync(at('extensions'), `${extensions.join('\n')}\n`)
    run('req', '-new', ...(keys === 'rsa' ? rsa : curve), '-out', 'request', '-subj', subject)
    run('x509', '-req', '-in', 'request', '-CA', 'authority', '-CAkey', 'authority-key', '-CAcreateserial', '-days', String(days), '-extfile', 'extensions', '-out', 'cert')
    return madeIn(at)
  })
}

/** A certificate that vouches for itself, as RFC 8705 §2.2 has it. */
export function selfSigned({ subject, days = 2 }: Wish): Certified {
  return inFolder((run, at) => {
    run('req', '-new', ...curve, '-out', 'request', '-subj', subject)
    run('x509', '-req', '-in', 'request', '-signkey', 'key', '-days', String(days), '-out', 'cert')
    return madeIn(at)
  })
}

const parsed = ({ cert }: Pick<Certified, 'cert'>) => new X509Certificate(cert)

/** The two ways in which proxies hand a certificate on. */
export const asBytes = (certified: Pick<Certified, 'cert'>): string => `:${parsed(certified).raw.toString('base64')}:`
export const asEscapedPem = ({ cert }: Pick<Certified, 'cert'>): string => encodeURIComponent(cert)

/** As a client publishes it (RFC 7517 §4.7). */
export function asJwk(certified: Pick<Certified, 'cert'>): Record<string, unknown> {
  const certificate = parsed(certified)
  return { ...certificate.publicKey.export({ format: 'jwk' }), use: 'sig', x5c: [certificate.raw.toString('base64')] }
}
