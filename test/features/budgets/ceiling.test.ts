import type { AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { unmarshall } from '@aws-sdk/util-dynamodb'
import { expect, test } from 'vitest'
import { compileCatalog } from '../../../catalog/compile.ts'
import { readCatalog } from '../../../catalog/read.ts'
import type { Named } from '../../../domain/sleep/overrides.ts'
import type { Subject } from '../../../domain/sleep/wanted.ts'
import type { BudgetState } from '../../../domain/table/budget-state.ts'
import { keepBelowCeiling } from '../../../functions/keep-budgets/ceiling.ts'
import type { Looking } from '../../../functions/keep-budgets/looking.ts'
import { budgetCatalog } from '../../kits/budgets.ts'

const NOW = new Date('2026-03-30T09:00:00Z')
const large = (more: string) => `kind: worker\ncpu: 4096\nmemory: 8192\nspot: false\n${more}`
const own = (more = 'schedule: office-hours\n') => large(`team: ordering\n${more}`)

/** `one` costs $3.28 until the month is over; `always`, day and night, $6.17. */
const SERVICES = {
  'services/one.yaml': own('schedule: office-hours\nimportance: low\n'),
  'services/two.yaml': own(),
  'services/always.yaml': own('importance: low\n'),
  'services/never.yaml': own('schedule: office-hours\nimportance: low\nsleepsForBudget: false\n'),
  'services/theirs.yaml': large('team: storefront\nimportance: low\nschedule: office-hours\n'),
}

/** By the average of 29 days and nine hours, of which one day and fifteen hours are left. */
const ENDS = 295 + (295 / 29.375) * 1.625

/** `over`: so many dollars above the ceiling the month would end. */
type Case = {
  over: number
  level?: 'tell' | 'act'
  edit?: (text: string) => string
  services?: Record<string, string>
  overrides?: Named[]
  others?: Subject[]
}

async function stepOf({ over, level = 'act', edit = (text) => text, ...rest }: Case) {
  const services = { ...SERVICES, ...rest.services }
  const catalog = compileCatalog(readCatalog(budgetCatalog(level, { services, of: edit })))
  const ofServices = Object.entries(catalog.services).map(
    ([name, { team, schedule }]): Subject => ({
      seen: {
        ...{ id: `service/dev-backend/${name}`, kind: 'service', name, service: name },
        ...{ owner: team, schedule, order: 1000, phase: 'up', size: { desired: 1 } },
      },
    }),
  )
  const subjects = [...ofServices, ...(rest.others ?? [])]
  const written: Record<string, unknown>[] = []
  const send = async ({ input }: { input: { Item: Record<string, AttributeValue> } }) =>
    written.push(unmarshall(input.Item))
  const moved: string[] = []
  const looking = {
    table: { client: { send } as unknown as DynamoDBClient, name: 'table' },
    ...{ catalog, now: NOW },
    sleeping: async () => ({ subjects, overrides: rest.overrides ?? [] }),
    moveSleepers: async (why: string) => void moved.push(why),
  } as unknown as Looking
  const budget = catalog.budgets.find(({ team }) => team === 'ordering')
  if (budget === undefined) throw new Error('there is no budget')
  const [at, spent] = [NOW.toISOString(), 295]
  const state: BudgetState = {
    ...{ version: 2, revision: 1, name: budget.name, month: '2026-03', rung: 'over' },
    ...{ limit: 250, spent, changedAt: at, figures: [{ at, spent }], saidUnknown: false },
  }
  const ceiling = ENDS - over
  await keepBelowCeiling(looking, { ...budget, ceiling, team: 'ordering' }, state)
  const [record] = written.filter(({ kind }) => kind === 'budget')
  const plan = (record?.detail as { plan?: Plan } | undefined)?.plan
  const orders = written.filter(({ source }) => source === 'budget')
  expect(moved).toHaveLength(orders.length > 0 ? 1 : 0)
  return {
    told: record?.verdict,
    because: plan?.because,
    named: plan?.sleeps.map(({ name }) => name),
    passed: plan?.passed,
    buttons: record === undefined ? [] : labelsOf(record),
    orders: orders.map(({ service, team, from, until }) => ({ service, team, from, until })),
  }
}

const labelsOf = ({ detail }: Record<string, unknown>) =>
  (detail as { choices: { label: string; input: { service: string } }[] }).choices.map(
    ({ label, input }) => `${label}: ${input.service}`,
  )

type Plan = {
  because?: string
  sleeps: { name: string }[]
  passed: { name: string; why: string }[]
}

const ORDER = {
  team: 'ordering',
  from: '2026-03-30T09:30:00.000Z',
  until: '2026-04-01T00:00:00.000Z',
}

test('what is least important is ordered to sleep, in half an hour, until the month is over', async () => {
  expect(await stepOf({ over: 3 })).toEqual({
    ...{ told: 'sleeps', because: undefined, named: ['one'], passed: [] },
    buttons: ['Keep one awake: one'],
    orders: [{ service: 'one', ...ORDER }],
  })
})

test('nothing is told or done below the ceiling', async () => {
  expect(await stepOf({ over: -0.1 })).toMatchObject({ told: undefined, orders: [] })
})

test('always-on, what its file keeps from it, and another team’s: never', async () => {
  const all = await stepOf({ over: 20 })
  expect(all).toMatchObject({ told: 'asks', because: 'not-enough', orders: [] })
  expect(all.named).toEqual(['one', 'two'])
})

test('always-on does where its file says so, and saves its nights too', async () => {
  const always = own('importance: low\nsleepsForBudget: true\n')
  const services = { 'services/always.yaml': always }
  expect(await stepOf({ over: 6, services })).toMatchObject({ named: ['always'], told: 'sleeps' })
})

test.each([
  ['tell', { level: 'tell' as const }],
  ['sleep-off', { edit: (text: string) => text.replace('sleep: act', 'sleep: tell') }],
  [
    'asked',
    {
      edit: (text: string) =>
        text.replace('budget: 250', 'budget: 250\n    sleepsForBudget: asked'),
    },
  ],
])(
  'nobody has allowed it (%s): they are asked, with what would be enough',
  async (because, how) => {
    expect(await stepOf({ over: 3, ...how })).toMatchObject({
      ...{ told: 'asks', because, named: ['one'], orders: [] },
    })
  },
)

const keep = (service: string, source: 'person' | 'visitor'): Named => ({
  ...{ version: 2, id: 'keep', kind: 'awake', source, service, by: 'bob', why: 'demo' },
  ...{ from: '2026-03-30T08:00:00.000Z', until: '2026-03-30T16:00:00.000Z' },
})

test('what a person keeps awake is passed over and named, and the next sleeps', async () => {
  const { named, passed } = await stepOf({ over: 3, overrides: [keep('one', 'person')] })
  expect(named).toEqual(['two'])
  expect(passed).toEqual([
    { name: 'one', why: 'kept awake by bob until 2026-03-30T16:00:00.000Z: demo' },
  ])
})

test('what a visitor has woken sleeps all the same', async () => {
  const { named } = await stepOf({ over: 3, overrides: [keep('one', 'visitor')] })
  expect(named).toEqual(['one'])
})

test('what another team’s service needs stays awake', async () => {
  const api = 'kind: api\nport: 8080\ncpu: 4096\nmemory: 8192\nspot: false\nteam: ordering\n'
  const services = {
    'services/one.yaml': `${api}schedule: office-hours\nimportance: low\n`,
    'services/theirs.yaml': large('team: storefront\nschedule: office-hours\ndependsOn: [one]\n'),
  }
  const { named, passed } = await stepOf({ over: 3, services })
  expect(named).toEqual(['two'])
  expect(passed?.[0]?.why).toContain('theirs needs it')
})

test('a database that joined by its tags sleeps too, by what it cost when it slept last', async () => {
  const since = '2026-03-29T18:00:00.000Z'
  const seen = {
    kind: 'database',
    name: 'old',
    owner: 'ordering',
    schedule: 'office-hours',
  } as const
  const rate = { hour: 1, size: 'db.m5.xlarge' }
  const old: Subject = {
    seen: { id: 'database/old', ...seen, order: 1000, phase: 'up' },
    kept: { version: 2, revision: 1, rest: 'awake', since, why: '', rate },
  }
  const { named, buttons } = await stepOf({ over: 12, others: [old] })
  expect(named).toEqual(['one'])
  expect(buttons).toEqual(['Keep one awake: one'])
  const alone = await stepOf({ over: 12, others: [old], overrides: [keep('one', 'person')] })
  expect(alone.named).toEqual(['database old'])
  expect(alone.buttons).toEqual(['Keep database old awake: database/old'])
})
