import { createPrivateKey, X509Certificate } from 'node:crypto'

export function allReadable(pem: string): boolean {
  try {
    return (pem.match(/-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----/gs) ?? []).map((one) => new X509Certificate(one)).length > 0
  } catch {
    return false
  }
}

export function belongs(key: string, cert: string): boolean {
  try {
    return new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))
  } catch {
    return false
  }
}
