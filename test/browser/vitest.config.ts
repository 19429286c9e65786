import { defineConfig } from 'vitest/config'

/**
 * The console in a real browser: `npm run test:browser`. It needs Chromium (`CHROMIUM_PATH`, by
 * default /usr/bin/chromium). Pictures go to test/browser/pictures; with `UPDATE_IMAGES=1` the one
 * in README is made anew.
 */
export default defineConfig({
  test: {
    include: ['test/browser/**/*.test.ts'],
    // A browser runs on the wall clock, and the simulation beside it at sixty times that.
    testTimeout: 60_000,
    hookTimeout: 180_000,
    // One beside another would be late: their clocks go on while they wait for the machine.
    maxWorkers: 1,
  },
})
