import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Execution } from '../../../local/aws/stepfunctions/execution.ts'
import { servicesOf } from '../../../local/views/services.ts'
import { catalogOf } from '../../kits/catalog.ts'
import { GOOD, Stage } from '../../kits/roll-outs.ts'

/** What one piece of work carries does not depend on how many others there are, or on history. */

const KIBIBYTE = 1024
const LARGEST = 64 * KIBIBYTE
const LARGEST_RECORD = 100 * KIBIBYTE

type World = { services: number; digests: number; reason: number }

const names = (count: number) => Array.from({ length: count }, (_, n) => `tenant-${n + 1}`)

function catalog({ services }: World): string {
  const files = names(services).map((name) => [
    `services/${name}.yaml`,
    'team: ordering\nrepository: monolith\n',
  ])
  return catalogOf(Object.fromEntries(files))
}

/** What version 1 kept in a service's state: every digest that was tried, with its reason. */
async function remember(stage: Stage, { services, digests, reason }: World): Promise<void> {
  const tried = Object.fromEntries(
    Array.from({ length: digests }, (_, n) => [
      `sha256:${n.toString(16).padStart(64, '0')}`,
      {
        M: {
          verdict: { S: n % 2 === 0 ? 'deployed' : 'rolled-back' },
          reason: { S: 'r'.repeat(reason) },
          tag: { S: 'main' },
          at: { S: '2026-02-01T09:00:00Z' },
        },
      },
    ]),
  )
  for (const name of names(services)) {
    await stage.call('dynamodb', 'PutItem', {
      TableName: 'dev-caretaker',
      Item: {
        pk: { S: `service#dev-backend/${name}` },
        sk: { S: 'state' },
        generation: { N: String(digests) },
        tried: { M: tried },
      },
    })
  }
}

async function freeze(stage: Stage, until: string): Promise<void> {
  await stage.call('dynamodb', 'PutItem', {
    TableName: 'dev-caretaker',
    Item: {
      pk: { S: 'environment' },
      sk: { S: 'state' },
      frozen: { M: { until: { S: until }, by: { S: 'bob' }, reason: { S: 'a demonstration' } } },
    },
  })
}

/** Every text that an execution was given, or handed on. */
function payloads({ inputText, output = '', history }: Execution): string[] {
  const handed = history.events.flatMap((event) =>
    Object.values(event).flatMap((details) =>
      typeof details === 'object' && details !== null
        ? Object.entries(details)
            .filter(([member]) => /^(input|output|parameters|cause)$/.test(member))
            .map(([, value]) => String(value))
        : [],
    ),
  )
  return [inputText, output, ...handed]
}

it('every payload stays small, whatever the number of services and the length of their history', async () => {
  const world = fc.record({
    services: fc.integer({ min: 1, max: 5 }),
    digests: fc.integer({ min: 0, max: 100 }),
    reason: fc.integer({ min: 0, max: 500 }),
  })
  await fc.assert(
    fc.asyncProperty(world, async (world) => {
      const stage = await Stage.open({ catalog: catalog(world) })
      await remember(stage, world)
      stage.push(GOOD, 'monolith')
      await stage.minutes(12)
      await freeze(stage, '2026-03-02T09:20:00Z')
      const last = stage.push(GOOD, 'monolith')
      await stage.minutes(25)

      const { sfn, records, dynamodb, invocations } = stage.simulation
      for (const name of names(world.services)) {
        expect(stage.verdicts(name), name).toEqual(['deployed', 'deployed'])
      }
      const services = await servicesOf(stage.simulation)
      expect(services.map(({ running }) => running?.digest)).toEqual(services.map(() => last))
      expect(records.all).toHaveLength(2 * world.services)
      for (const execution of sfn.executions) {
        expect(execution.status).toBe('SUCCEEDED')
        const sizes = payloads(execution).map((text) => Buffer.byteLength(text))
        expect(Math.max(...sizes), execution.name).toBeLessThan(LARGEST)
      }
      expect(invocations.length).toBeGreaterThan(0)
      const written = dynamodb.tables
        .flatMap((table) => [...table.items()])
        .filter(({ sk }) => sk?.S !== 'state')
      for (const item of written) {
        expect(Buffer.byteLength(JSON.stringify(item))).toBeLessThan(LARGEST_RECORD)
      }
    }),
    { numRuns: 2, examples: [[{ services: 60, digests: 100, reason: 500 }]] },
  )
})
