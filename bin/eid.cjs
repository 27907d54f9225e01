#!/usr/bin/env node
'use strict'
require('./run.cjs').run('src/cli/main.ts', process.argv.slice(2))
