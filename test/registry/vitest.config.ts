import { defineConfig } from 'vitest/config'

/**
 * The registry with a client that others have written: `npm run test:registry`. It needs skopeo
 * (a package of Debian, Fedora, Homebrew and others), and is red without.
 */
export default defineConfig({
  cacheDir: '.cache/vite-registry',
  test: {
    include: ['test/registry/**/*.test.ts'],
    setupFiles: 'test/kits/every-file.ts',
    experimental: { viteModuleRunner: false, nodeLoader: false },
    // The command line runs on the wall clock, and the simulation at sixty times that.
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
})
