import { globSync } from 'node:fs'
import { parse, parseAllDocuments } from 'yaml'
import { z } from 'zod'
import { settings, type SettingName } from '#app/environment/settings.ts'
import { readConfig } from '#app/config.ts'
import { open } from '#test/house/source.ts'

const labels = z.record(z.string(), z.string())
const security = z.object({
  allowPrivilegeEscalation: z.literal(false), readOnlyRootFilesystem: z.literal(true), capabilities: z.object({ drop: z.tuple([z.literal('ALL')]) }),
})
const probe = z.object({ httpGet: z.object({ path: z.string(), port: z.string() }) })
const container = z.object({
  name: z.string(), image: z.string(), args: z.array(z.string()).optional(), command: z.array(z.string()).optional(),
  env: z.array(z.object({ name: z.string(), value: z.string().optional(), valueFrom: z.unknown().optional() })).default([]),
  envFrom: z.array(z.strictObject({ configMapRef: z.object({ name: z.string() }) })).default([]),
  ports: z.array(z.object({ name: z.string(), containerPort: z.number() })).default([]),
  startupProbe: probe.optional(), livenessProbe: probe.optional(), readinessProbe: probe.optional(),
  resources: z.object({ requests: z.object({ cpu: z.string(), memory: z.string() }), limits: z.object({ memory: z.string() }) }),
  securityContext: security,
  volumeMounts: z.array(z.object({ name: z.string(), mountPath: z.string() })),
})
export const podTemplate = z.object({
  metadata: z.object({ labels }),
  spec: z.object({
    automountServiceAccountToken: z.literal(false),
    terminationGracePeriodSeconds: z.number().optional(),
    securityContext: z.object({ runAsNonRoot: z.literal(true), runAsUser: z.int().min(1), seccompProfile: z.object({ type: z.literal('RuntimeDefault') }) }),
    initContainers: z.array(container).default([]),
    containers: z.array(container).min(1),
    volumes: z.array(z.object({ name: z.string() })),
  }),
})
export type Container = z.output<typeof container>

const thing = z.looseObject({ kind: z.string(), metadata: z.object({ name: z.string(), namespace: z.string().optional(), labels: labels.optional() }), spec: z.looseObject({}).optional(), data: labels.optional() })
export type Thing = z.output<typeof thing> & { file: string }

/** Everything of deploy/kubernetes, in the files' order. */
export function kubernetes(): readonly Thing[] {
  return globSync('deploy/kubernetes/*.yaml', { cwd: new URL('../..', import.meta.url).pathname }).toSorted().flatMap((file) =>
    parseAllDocuments(open(file).text).map((document) => ({ ...thing.parse(document.toJS()), file })))
}

const service = z.looseObject({
  image: z.string(), build: z.string().optional(), command: z.array(z.string()).optional(), user: z.string().optional(), read_only: z.boolean().optional(),
  environment: labels.default({}), secrets: z.array(z.string()).default([]), networks: z.union([z.array(z.string()), z.record(z.string(), z.object({ ipv4_address: z.string().optional() })).transform((by) => Object.keys(by))]).default([]), cap_drop: z.array(z.string()).optional(),
  security_opt: z.array(z.string()).default([]), ports: z.array(z.string()).default([]), depends_on: z.record(z.string(), z.unknown()).default({}),
})
const composeFile = z.looseObject({
  services: z.record(z.string(), service), secrets: z.record(z.string(), z.strictObject({ file: z.string() })),
  networks: z.record(z.string(), z.unknown()), volumes: z.record(z.string(), z.unknown()),
})

export const compose = () => composeFile.parse(parse(open('deploy/compose.yaml').text, { merge: true }))

const isSetting = (name: string): name is SettingName => Object.hasOwn(settings, name)

/** What a server would say of this environment; in place of each mounted file stands an example of what is in it. */
export function faultsOf(env: Readonly<Record<string, string>>): readonly string[] {
  const contents = new Map(Object.entries(env).flatMap(([name, path]) => {
    const target = name.replace(/_FILE$/, '')
    return name.endsWith('_FILE') && isSetting(target) ? [[path, settings[target]] as const] : []
  }))
  const { faults = [] } = readConfig(env, (path) => contents.get(path) ?? '')
  return [...faults.map(({ variable, problem }) => `${variable} ${problem}`), ...Object.keys(env).flatMap((name) => (isSetting(name) ? [] : [`${name} is no variable of ours`]))]
}

/** The environment of a container, whatever it comes from. */
export function environmentOf({ env, envFrom }: Container, things: readonly Thing[]): Readonly<Record<string, string>> {
  const shared = envFrom.flatMap(({ configMapRef: { name } }) => things.filter(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === name))
  // What is not said is the name of the pod.
  const own = env.map(({ name, value }) => [name, value ?? 'eid-citizen-7d4b9c-x2x9z'] as const)
  return Object.fromEntries([...shared.flatMap(({ data }) => Object.entries(data ?? {})), ...own])
}
