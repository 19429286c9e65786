import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Document, isMap, isSeq, visit } from 'yaml'
import { everyOperation } from '../kits/every-operation.ts'

/**
 * For every operation the rights that a role needs for it, as the Service Authorization Reference
 * has them (https://docs.aws.amazon.com/service-authorization/latest/reference/), and which members
 * of its input are refused by name. `npx vitest run test/local/operations.test.ts -u` writes down
 * what is so now: read each line that changes as a change of what users see.
 */
test('each operation asks for the rights of what it names, and refuses what is not simulated', async () => {
  const table = new Document(await everyOperation())
  visit(table, {
    Collection(_, node) {
      if ((isMap(node) || isSeq(node)) && JSON.stringify(node.toJSON()).length < 120) {
        node.flow = true
      }
    },
  })
  const path = join(import.meta.dirname, 'operations.yaml')
  await expect(table.toString({ lineWidth: 120 })).toMatchFileSnapshot(path)
})
