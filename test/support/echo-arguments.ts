/** A program for the launcher's test: says what it was given and leaves with a code of its own. */
console.log(JSON.stringify(process.argv.slice(2)))
process.exitCode = 7
