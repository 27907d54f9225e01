import type { Kind } from './developer-client.ts'
import { variants, type Variant } from './sample-variant.ts'

/** What an example is told of the client whose program it becomes. */
export type Values = { id: string; issuer: string; redirectUri: string; kind?: Kind }

type Place = { origin: string; port: string; path: string }
type Swap = (values: Values, place: Place) => readonly (readonly [from: string, to: string])[]

export type Sample = {
  language: string
  /** Of `examples/`, in the order in which they are read. */
  files: readonly string[]
  /** Which kinds of clients it is as it stands. */
  fits: readonly Kind[]
  /** How it is a client of one more kind. */
  variant: Variant
  /** How it is run, beside the key or with the secret. */
  run: (place: Place) => string
  /** What stands in the example, and what has to stand there instead. */
  swaps: Swap
}

const usualIssuer = 'http://localhost:3000'

/** The examples that tests run, each with the words in it that are one client's: the one source of the code that developers copy. */
export const samples: readonly Sample[] = [
  {
    language: 'Node (openid-client)',
    files: ['node/sign-in.js', 'node/key.js', 'node/step-up.js', 'node/app.js'],
    variant: variants.node,
    fits: ['key', 'fapi2'],
    run: () => 'npm init -y && npm pkg set type=module && npm install openid-client@6\nnode app.js',
    swaps: ({ id, issuer }, { origin, port, path }) => [
      ["'example-node'", `'${id}'`], [`'${usualIssuer}'`, `'${issuer}'`], ['?? 3010', `?? ${port}`], ['const origin = `http://localhost:${port}`', `const origin = '${origin}'`],
      ["'/callback'", `'${path}'`], ['${origin}/callback', `\${origin}${path}`],
    ],
  },
  {
    language: 'Java (Spring)',
    files: ['java-spring/src/main/resources/application.yml', 'java-spring/src/main/java/example/Security.java', 'java-spring/src/main/java/example/Application.java', 'java-spring/pom.xml'],
    variant: variants.spring,
    fits: ['key'],
    run: () => 'mvn spring-boot:run',
    swaps: ({ id, issuer, redirectUri }, { port, path }) => [
      ['example-spring', id], [`\${ISSUER:${usualIssuer}}`, issuer], ['port: 3014', `port: ${port}`], ['"{baseUrl}/login/oauth2/code/{registrationId}"', `"${redirectUri}"`],
      ['.oauth2Login(login -> login\n', `.oauth2Login(login -> login\n                .redirectionEndpoint(at -> at.baseUri("${path}"))\n`],
    ],
  },
  {
    language: '.NET (ASP.NET Core)',
    files: ['dotnet/Program.cs', 'dotnet/eid-example.csproj'],
    variant: variants.dotnet,
    fits: ['secret'],
    run: () => 'CLIENT_SECRET=… dotnet run',
    swaps: ({ id, issuer }, { origin, path }) => [
      ['example-dotnet', id], [`"${usualIssuer}"`, `"${issuer}"`], ['"http://localhost:3015"', `"${origin}"`],
      ['"development-only-dotnet-0123456789abcdef0123456789abcdef"', 'throw new InvalidOperationException("CLIENT_SECRET")'],
      ['options.ResponseType = "code";', `options.CallbackPath = "${path}";\n        options.ResponseType = "code";`],
    ],
  },
  {
    language: 'PHP',
    files: ['php/eid.php', 'php/index.php'],
    variant: variants.php,
    fits: ['secret'],
    run: ({ port }) => `CLIENT_SECRET=… php -S localhost:${port} index.php`,
    swaps: ({ id, issuer }, { origin, path }) => [
      ["'example-php'", `'${id}'`], [`'${usualIssuer}'`, `'${issuer}'`], ["'http://' . (getenv('HOST') ?: 'localhost:3013')", `'${origin}'`],
      ["'development-only-php-0123456789abcdef0123456789abcdef'", "throw new RuntimeException('CLIENT_SECRET')"],
      ["case '/callback'", `case '${path}'`], ['$this->origin/callback', `$this->origin${path}`],
    ],
  },
  {
    language: 'Python (Authlib)',
    files: ['python/app.py', 'python/own_key.py'],
    variant: variants.python,
    fits: ['key'],
    run: () => 'apt-get install python3-authlib python3-requests\n/usr/bin/python3 app.py',
    swaps: ({ id, issuer }, { origin, port, path }) => [
      ["'example-python'", `'${id}'`], [`'${usualIssuer}'`, `'${issuer}'`], ["'3012'", `'${port}'`], ["ORIGIN = f'http://localhost:{PORT}'", `ORIGIN = '${origin}'`],
      ["'/callback'", `'${path}'`], ['{ORIGIN}/callback', `{ORIGIN}${path}`],
    ],
  },
]

export const placeOf = (redirectUri: string): Place => {
  const { origin, port, pathname, protocol } = new URL(redirectUri)
  return { origin, port: port || (protocol === 'https:' ? '443' : '80'), path: pathname }
}

/** The example for a client of this kind, or nothing where it cannot be one. */
export function sampleFor({ fits, files, run, variant }: Sample, kind: Kind, place: Place): { files: readonly string[]; run: string } | undefined {
  if (fits.includes(kind)) return { files, run: run(place) }
  return variant.kind === kind ? { files: variant.files, run: variant.run(place.port) } : undefined
}

/** One file of an example as it has to be for this client. */
export function filled({ swaps, fits, variant }: Sample, text: string, values: Values): string {
  const other = values.kind === undefined || fits.includes(values.kind) ? [] : variant.swaps
  return [...other, ...swaps(values, placeOf(values.redirectUri))].reduce((done, [from, to]) => done.replaceAll(from, () => to), text)
}
