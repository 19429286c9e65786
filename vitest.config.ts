import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/browser/**'],
    // The simulation has its own clock; a test that takes real seconds is stuck.
    testTimeout: 30_000,
    hookTimeout: 120_000,
  },
})
