import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

/** Node runs the TypeScript as written, so the tests do too; only where servers are needed are they started. */
const usual = { environment: 'node', pool: 'forks', testTimeout: 20_000, hookTimeout: 60_000 } as const

// vitest reads the default export and nothing else.
export default defineConfig({
  test: {
    // vitest leaves a core to itself, which of two is half: the files wait for servers and browsers more than they compute.
    maxWorkers: availableParallelism(),
    projects: [
      // Rules and tables leave nothing behind, so their files share a process: a fresh one for each costs more than they do.
      { test: { ...usual, name: 'unit', isolate: false, include: ['test/unit/**/*.test.ts', 'test/house/**/*.test.ts'] } },
      {
        test: {
          ...usual,
          name: 'engines',
          include: ['contract', 'flow', 'browser', 'conformance', 'attack', 'example'].map((folder) => `test/${folder}/**/*.test.ts`),
          globalSetup: ['test/support/servers.ts'],
          testTimeout: 60_000,
        },
      },
    ],
  },
})
