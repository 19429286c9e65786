import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Document, isMap, isSeq, visit } from 'yaml'
import { everyOperation } from '../kits/every-operation.ts'

/** What is short stands in one line. */
const ONE_LINE = 120

function written(value: object): string {
  const table = new Document(value)
  visit(table, {
    Collection(_, node) {
      if ((isMap(node) || isSeq(node)) && JSON.stringify(node.toJSON()).length < ONE_LINE) {
        node.flow = true
      }
    },
  })
  return table.toString({ lineWidth: ONE_LINE })
}

/**
 * For every operation the rights that a role needs for it, as the Service Authorization Reference
 * has them (https://docs.aws.amazon.com/service-authorization/latest/reference/), which members of
 * its input are refused by name, and how many calls are taken at once and in the second after that
 * (the pages of local/aws/limits.ts). `npx vitest run test/local/operations.test.ts -u` writes down
 * what is so now: read each line that changes as a change of what users see.
 */
test('each operation needs the rights of what it names, refuses what is not simulated, and has its rate', async () => {
  const path = join(import.meta.dirname, 'operations.yaml')
  await expect(written(await everyOperation())).toMatchFileSnapshot(path)
})
