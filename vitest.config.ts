import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  cacheDir: '.cache/vite',
  test: {
    include: ['test/**/*.test.ts', 'examples/**/with-vitest.test.ts'],
    exclude: ['test/browser/**', 'test/registry/**'],
    globalSetup: 'test/kits/every-run.ts',
    setupFiles: 'test/kits/every-file.ts',
    // Node runs our TypeScript as it is; the AWS SDK and the CDK are loaded once per worker.
    experimental: { viteModuleRunner: false, nodeLoader: false },
    // Where `caretaker/local-aws` is in this repository (package.json); installed, it is built.
    execArgv: ['--conditions=caretaker-source'],
    isolate: false,
    // On two cores both work. More than four would mostly load the CDK and the SDK once more each.
    maxWorkers: Math.min(availableParallelism(), 4),
    // The simulation has its own clock. These only end what is stuck, on a busy machine too.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    teardownTimeout: 120_000,
  },
})
