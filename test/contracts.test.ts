import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it, test } from 'vitest'
import type { ZodMiniObject } from 'zod/mini'
import { compilePattern } from '../local/aws/eventbridge/pattern.ts'
import { ofType, only, template } from './kits/synth.ts'

/** Facts that stand in two places, held together (docs/architecture.md). */

const names = (folder: string, ending: RegExp): string[] =>
  readdirSync(folder)
    .filter((name) => ending.test(name))
    .map((name) => name.replace(ending, ''))

const json = (path: string) => JSON.parse(readFileSync(path, 'utf8'))

describe('an event: pattern, schema and samples', () => {
  const events = names('events', /\.ts$/)

  test.each(events)('%s: the captured sample passes the pattern and the schema', async (name) => {
    const { pattern, schema } = await import(`../events/${name}.ts`)
    const sample = json(`events/${name}.sample.json`)
    expect(compilePattern(pattern)(sample)).toBe(true)
    const read = schema.safeParse(
      'resources' in schema.shape || 'detail' in schema.shape ? sample : sample.detail,
    )
    expect(read.error?.issues).toBeUndefined()
  })

  test.each(events)('%s: what it is not about does not pass', async (name) => {
    const { pattern } = await import(`../events/${name}.ts`)
    const others: { why: string; event: object }[] = json(`events/${name}.others.json`)
    expect(others.length).toBeGreaterThan(0)
    const passing = others.filter(({ event }) => compilePattern(pattern)(event))
    expect(passing.map(({ why }) => why)).toEqual([])
  })

  test.each(events)('%s: one rule has exactly this pattern', async (name) => {
    const { pattern } = await import(`../events/${name}.ts`)
    const rules = ofType(await template('DevControlPlane'), 'AWS::Events::Rule')
    const patterns = rules.map(([, { Properties }]) => Properties.EventPattern)
    expect(patterns.filter((one) => same(one, pattern))).toHaveLength(1)
  })
})

const sorted = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(sorted)
    : typeof value === 'object' && value !== null
      ? Object.fromEntries(
          Object.entries(value)
            .map(([key, member]): [string, unknown] => [key, sorted(member)])
            .toSorted(([a], [b]) => a.localeCompare(b)),
        )
      : value
const same = (a: unknown, b: unknown) => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b))

const functions = readdirSync('functions').filter((name) =>
  existsSync(`functions/${name}/index.ts`),
)

describe('a function', () => {
  test.each(functions)(
    '%s: its handler is the wrapper’s, under the folder’s name',
    async (name) => {
      const { handler } = await import(`../functions/${name}/index.ts`)
      expect(handler.on).toBeTypeOf('function')
      expect(handler.specification.name).toBe(name)
    },
  )

  test.each(functions)('%s: is given the environment it declares, no more', async (name) => {
    const { handler } = await import(`../functions/${name}/index.ts`)
    const declared = Object.keys((handler.specification.environment as ZodMiniObject).shape)
    const { Environment } = only(
      await template('DevControlPlane'),
      'AWS::Lambda::Function',
      ({ FunctionName }) => FunctionName === `dev-${name}`,
    ) as { Environment: { Variables: object } }
    expect(Object.keys(Environment.Variables).toSorted()).toEqual(declared.toSorted())
  })

  test.each(functions)('%s: may do what its code calls, no more', async (name) => {
    const used = commandsOf(`functions/${name}/index.ts`)
    const own = ['logs:CreateLogStream', 'logs:PutLogEvents']
    // The event source mapping acts with the function's role, and puts aside what failed.
    const granted = (await actionsOf('AWS::Lambda::Function', `dev-${name}`)).filter(
      (action) =>
        used.includes(action) ||
        (!own.includes(action) && !MAPPING.has(action) && action !== 'sqs:SendMessage'),
    )
    expect(granted).toEqual(used)
  })
})

const MAPPING = new Set([
  'dynamodb:DescribeStream',
  'dynamodb:GetRecords',
  'dynamodb:GetShardIterator',
  'dynamodb:ListStreams',
  'sqs:DeleteMessage',
  'sqs:GetQueueAttributes',
  'sqs:ReceiveMessage',
])

/** IAM's name of an SDK package's service, where it is another. */
const IAM: Record<string, string> = {
  'application-auto-scaling': 'application-autoscaling',
  'auto-scaling': 'autoscaling',
  applicationautoscaling: 'application-autoscaling',
  elasticloadbalancingv2: 'elasticloadbalancing',
  'cloudwatch-logs': 'logs',
  'cost-explorer': 'ce',
  'elastic-load-balancing-v2': 'elasticloadbalancing',
  'resource-groups-tagging-api': 'tag',
  'secrets-manager': 'secretsmanager',
  sfn: 'states',
  efs: 'elasticfilesystem',
  eventbridge: 'events',
}

/** `ecs:DescribeServices` for each SDK command that a file and what it imports construct. */
function commandsOf(entry: string): string[] {
  const seen = new Set<string>()
  const actions = new Set<string>()
  const visit = (path: string): void => {
    if (seen.has(path)) return
    seen.add(path)
    const text = readFileSync(path, 'utf8')
    for (const [, imported = '', client = ''] of text.matchAll(
      /import (?:type )?\{([^}]*)\} from '@aws-sdk\/client-([a-z0-9-]+)'/g,
    )) {
      for (const [, command = ''] of imported.matchAll(/(\w+)Command\b/g)) {
        actions.add(`${IAM[client] ?? client}:${command}`)
      }
    }
    for (const [, target = ''] of text.matchAll(/from '(\.[^']+)'/g))
      visit(join(dirname(path), target))
  }
  visit(entry)
  return [...new Set([...actions].flatMap((action) => NEEDS[action] ?? [action]))].toSorted()
}

describe('the machines', () => {
  const machines = names('statemachines', /\.asl\.json$/)

  test.each(machines)('%s: its role allows the calls it makes, no more', async (name) => {
    const used = callsIn(json(`statemachines/${name}.asl.json`))
      .flatMap(actionsFor)
      .toSorted()
    const granted = await actionsOf('AWS::StepFunctions::StateMachine', `dev-${name}`)
    expect(granted.filter((action) => !OBSERVING.test(action))).toEqual([...new Set(used)])
  })
})

/** What Step Functions itself does with the role: its log and its traces. */
const OBSERVING = /^(xray|logs):/

type State = Record<string, unknown>

/** Every Task's resource, inner machines included, with its arguments. */
function callsIn(machine: {
  States: Record<string, State>
}): { resource: string; args: unknown }[] {
  return Object.values(machine.States).flatMap((state) => {
    const inner = [state.ItemProcessor, ...((state.Branches as object[]) ?? [])].filter(Boolean)
    const own =
      state.Type === 'Task' ? [{ resource: String(state.Resource), args: state.Arguments }] : []
    return [...own, ...inner.flatMap((one) => callsIn(one as never))]
  })
}

/** The actions one call needs, beyond its own name as IAM has it. */
function actionsFor({ resource }: { resource: string }): string[] {
  const [, name = ''] = /arn:aws:states:::(.+)$/.exec(resource) ?? []
  const [service = '', operation = ''] = name.replace(/^aws-sdk:/, '').split(/[:.]/)
  const action = `${IAM[service] ?? service}:${operation.charAt(0).toUpperCase()}${operation.slice(1)}`
  return NEEDS[action] ?? [action]
}

const NEEDS: Record<string, string[]> = {
  // A schedule is given the role by which it starts the machine.
  'scheduler:CreateSchedule': ['iam:PassRole', 'scheduler:CreateSchedule'],
  'lambda:Invoke': ['lambda:InvokeFunction'],
  'budgets:DescribeBudgets': ['budgets:ViewBudget'],
  // It needs the right of each service besides its own.
  'tag:TagResources': [
    'autoscaling:CreateOrUpdateTags',
    'dynamodb:TagResource',
    'ec2:CreateTags',
    'ecr:TagResource',
    'ecs:TagResource',
    'elasticache:AddTagsToResource',
    'elasticfilesystem:TagResource',
    'elasticloadbalancing:AddTags',
    'lambda:TagResource',
    'logs:TagResource',
    'rds:AddTagsToResource',
    'sns:TagResource',
    'sqs:TagQueue',
    'tag:TagResources',
  ],
  'tag:UntagResources': [
    'autoscaling:DeleteTags',
    'dynamodb:UntagResource',
    'ec2:DeleteTags',
    'ecr:UntagResource',
    'ecs:UntagResource',
    'elasticache:RemoveTagsFromResource',
    'elasticfilesystem:UntagResource',
    'elasticloadbalancing:RemoveTags',
    'lambda:UntagResource',
    'logs:UntagResource',
    'rds:RemoveTagsFromResource',
    'sns:UntagResource',
    'sqs:UntagQueue',
    'tag:UntagResources',
  ],
  // Rules are tagged as they are made.
  'elasticloadbalancing:CreateRule': [
    'elasticloadbalancing:AddTags',
    'elasticloadbalancing:CreateRule',
  ],
  // A transaction is allowed by the actions it is made of: ours put and update.
  'dynamodb:TransactWriteItems': ['dynamodb:PutItem', 'dynamodb:UpdateItem'],
  // The new revision names roles, and is tagged as it is made.
  'ecs:RegisterTaskDefinition': ['ecs:RegisterTaskDefinition', 'ecs:TagResource', 'iam:PassRole'],
}

/** What the role of a function or machine allows. */
async function actionsOf(type: string, physicalName: string): Promise<string[]> {
  const stack = await template('DevControlPlane')
  const owner = only(stack, type, (properties) =>
    [properties.FunctionName, properties.StateMachineName].includes(physicalName),
  )
  const role = (owner.Role ?? owner.RoleArn) as { 'Fn::GetAtt': [string, string] }
  const statements = ofType(stack, 'AWS::IAM::Policy')
    .filter(([, { Properties }]) =>
      JSON.stringify(Properties.Roles).includes(role['Fn::GetAtt'][0]),
    )
    .flatMap(([, { Properties }]) => (Properties.PolicyDocument as Policy).Statement)
  return [...new Set(statements.flatMap(({ Action }) => Action))].toSorted()
}

type Policy = { Statement: { Action: string | string[] }[] }

describe('the wrapper', () => {
  it('refuses an event that is not the function’s, and an environment that is not whole', async () => {
    const { handler } = await import('../functions/plan-roll-out/index.ts')
    const platform = {
      environment: { TABLE_NAME: 'table', BAKE_SECONDS: '120', DEADLINE_SECONDS: '1800' },
      now: () => new Date('2026-03-02T09:00:00Z'),
      newId: () => 'id',
      pause: async () => {},
      fetch,
      taskRoot: '.',
      aws: {},
      writeLog: () => {},
    }
    const context = { functionName: 'plan-roll-out' } as never
    await expect(handler.on(platform)({ input: { sweep: 'yes' } }, context)).rejects.toMatchObject({
      name: 'InvalidInput',
      message: expect.stringContaining('Nothing was done'),
    })
    expect(() => handler.on({ ...platform, environment: {} })).toThrow(/TABLE_NAME/)
  })
})
