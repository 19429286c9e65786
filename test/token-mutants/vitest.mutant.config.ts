import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import usual from '../../vitest.config.ts'

const order = (process.env.CARETAKER_TESTS ?? '').split('\n')

class AsAsked extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const at = ({ moduleId }: TestSpecification) =>
      order.findIndex((path) => moduleId.endsWith(`/${path}`))
    return files.toSorted((one, other) => at(one) - at(other))
  }
}

/** Some of the usual tests in the order that `CARETAKER_TESTS` says, up to the first that fails. */
export default defineConfig({
  ...usual,
  test: {
    ...usual.test,
    root: `${import.meta.dirname}/../..`,
    include: order,
    maxWorkers: 1,
    bail: 1,
    sequence: { sequencer: AsAsked },
  },
})
