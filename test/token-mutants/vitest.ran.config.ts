import { relative } from 'node:path'
import { mergeConfig } from 'vitest/config'
import usual from '../../vitest.config.ts'

/** The usual tests, one file after the other, each noting what of the local AWS it ran. */
export default mergeConfig(usual, {
  test: {
    root: new URL('../..', import.meta.url).pathname,
    maxWorkers: 1,
    setupFiles: [relative(process.cwd(), `${import.meta.dirname}/note-what-ran.ts`)],
  },
})
