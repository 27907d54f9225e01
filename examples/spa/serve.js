import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { build } from 'esbuild'

const port = Number(process.env.PORT ?? 3011)
const issuer = process.env.ISSUER ?? 'http://localhost:3000'
const here = import.meta.dirname

const { outputFiles: [bundle] } = await build({
  entryPoints: [`${here}/app.js`], bundle: true, format: 'esm', write: false, minify: true,
  define: { ISSUER: JSON.stringify(issuer) },
})
const page = readFileSync(`${here}/index.html`)

/** Nothing runs here but our own script, and it speaks to nobody but the e-ID: what is injected cannot carry tokens away. */
const policy = `default-src 'none'; script-src 'self'; connect-src ${issuer}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`

createServer(({ url }, response) => {
  const script = url === '/app.js'
  response.writeHead(200, {
    'Content-Type': script ? 'text/javascript' : 'text/html; charset=utf-8',
    'Content-Security-Policy': policy,
    'Referrer-Policy': 'no-referrer',
  }).end(script ? bundle.contents : page)
}).listen(port, 'localhost', () => console.log(`SPA example: http://localhost:${port}`))
