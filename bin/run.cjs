#!/usr/bin/env node
// Starts one of our TypeScript files under a Node.js that can run it. Written so that any Node.js since 12 reads it: an old
// one would otherwise answer `npm start` with ERR_UNKNOWN_FILE_EXTENSION, which helps nobody.
'use strict'
const { existsSync } = require('fs')
const { join } = require('path')
const { pathToFileURL } = require('url')
const root = join(__dirname, '..')

/** Type stripping without a flag and without a warning since 24.11. */
const fits = (version) => {
  const [major, minor] = version.split('.').map(Number)
  return major > 24 || (major === 24 && minor >= 11)
}

/** `npm ci` brings Node.js for Linux as an ordinary package (package.json, optionalDependencies). */
const bundled = (arch) => join(root, 'node_modules', `node-linux-${arch}`, 'bin', 'node')

const refusal = (version) =>
  `Định Danh needs Node.js 24.11 or newer, and this is ${version}. On Linux, "npm ci" brings the right one; elsewhere, install Node.js 24.`

/** What to do on a Node.js of this version: run here, run with another program, or refuse with one sentence. */
function choose(version, other, exists) {
  if (fits(version)) return { here: true }
  return exists(other) ? { program: other } : { refusal: refusal(version) }
}

function spawnWith(program, entry, args) {
  const child = require('child_process').spawn(program, [entry, ...args], { stdio: 'inherit' })
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  for (const signal of signals) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => {
    if (!signal) return process.exit(code)
    for (const each of signals) process.removeAllListeners(each)
    process.kill(process.pid, signal)
  })
}

function run(file, args) {
  const entry = join(root, file)
  const { here, program, refusal: sentence } = choose(process.versions.node, bundled(process.arch), existsSync)
  if (sentence) {
    console.error(sentence)
    process.exitCode = 1
    return
  }
  // Types are stripped and modules compiled once, not at each start; a folder that cannot be written is passed over.
  process.env.NODE_COMPILE_CACHE = process.env.NODE_COMPILE_CACHE || join(root, 'node_modules', '.cache', 'compile')
  if (!here) return spawnWith(program, entry, args)
  require('module').enableCompileCache(process.env.NODE_COMPILE_CACHE)
  process.argv = [process.argv[0], entry, ...args]
  import(pathToFileURL(entry).href).catch((error) => {
    console.error(error)
    process.exitCode = 1
  })
}

module.exports = { choose, run }
if (require.main === module) run(process.argv[2], process.argv.slice(3))
