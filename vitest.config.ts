import { defineConfig } from 'vitest/config'

/** Node runs the TypeScript as written, so the tests do too; only where servers are needed are they started. */
const usual = { environment: 'node', pool: 'forks', testTimeout: 20_000, hookTimeout: 60_000 } as const

// vitest reads the default export and nothing else.
export default defineConfig({
  test: {
    projects: [
      { test: { ...usual, name: 'unit', include: ['test/unit/**/*.test.ts', 'test/house/**/*.test.ts'] } },
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
