/**
 * Imported first by what may be started without `bin/`: a Node.js between 22.18 and 24.11 strips types too, but is not what
 * we test with, and would fail later and less clearly.
 */
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 24 || (major === 24 && minor < 11)) {
  process.stderr.write(`Định Danh needs Node.js 24.11 or newer, and this is ${process.versions.node}. On Linux, "npm ci" brings the right one.\n`)
  process.exit(1)
}
