import * as z from 'zod'
import { VERDICTS } from '../../domain/verdicts.ts'
import { ask, goBack, join, stopTask, tool } from './acted.ts'
import { down, faults, interrupt, off, shortage } from './disturbed.ts'
import { image } from './image.ts'
import { duration, instant, moment } from './instant.ts'
import { create } from './made.ts'
import { label, ORDINALS, which } from './which.ts'

/**
 * What a scenario file may say: docs/scenarios.md. The description of a field is what an error
 * shows as allowed.
 */

const tag = z
  .string()
  .regex(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/)
  .describe('an image tag')

const push = z
  .strictObject({
    repository: z.string().describe('the name of a repository in the catalog'),
    tag: tag.optional(),
    tags: z.array(tag).min(1).optional().describe('a list of image tags'),
    image: image.optional(),
    /** Gives the tags to an image that was pushed before. */
    retag: which.optional(),
    as: label.optional(),
    /** It was pushed to this registry, which replicates it to the account's own. */
    replicated: z
      .strictObject({
        account: z
          .string()
          .regex(/^\d{12}$/)
          .describe('twelve digits in quotes'),
        region: z.string().describe('a Region, such as eu-west-1'),
      })
      .optional()
      .describe('account and region'),
  })
  .refine(
    ({ image: built, retag, as }) =>
      retag === undefined || (built === undefined && as === undefined),
  )
  .describe('repository, tag or tags, and either image (and as, replicated) or retag')

const count = z.int().min(0).describe('a whole number from 0')

/** Messages in Slack, as far as they must be alike. */
const messages = z.strictObject({
  channel: z.string().optional().describe('a channel\'s name, such as "#ordering"'),
  text: z.string().optional().describe('part of their text'),
  exactly: z.string().optional().describe('all of their text'),
  /** What Slack shows to this person alone, in place of what stands in channels. */
  to: z.string().optional().describe('the id, name or e-mail address of a person in Slack'),
  count: count.optional().describe('how many there are; at least one when absent'),
  notified: count.optional().describe('how often they told the people of their channel'),
})

/** Facts about a service, about messages and about what was made; of a service only with its name. */
const expectation = z.strictObject({
  /** docs/invariants.md; from the start of the file on. */
  holds: z
    .enum(['always', 'settled'])
    .optional()
    .describe('always, or settled: also what must hold when all faults have healed'),
  quietFor: duration('24h').optional(),
  /** It need not be so yet: there is time for it. */
  within: duration('10m').optional(),
  tags: z
    .record(z.string(), z.record(z.string(), z.string()))
    .optional()
    .describe('all tags of what was made, by its name, such as { work: { stage: try } }'),
  service: z.string().optional().describe('the name of a service in the catalog'),
  running: z
    .union([which, z.literal('nothing')])
    .optional()
    .describe(`${ORDINALS.join(', ')} (image pushed in this file), sha256:<digest>, or nothing`),
  verdicts: z
    .array(z.enum(VERDICTS))
    .optional()
    .describe(
      `a list of ${VERDICTS.join(', ')}: the service's verdicts so far, in the order of their pushes`,
    ),
  /** Members of the task definition that it runs, as AWS spells them; containers by their name. */
  revision: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('members of its task definition, such as { cpu: "256" }'),
  desired: count.optional(),
  tasks: count.optional(),
  asAsked: z.boolean().optional().describe('true or false'),
  healthy: z.boolean().optional().describe('true or false'),
  awake: z.boolean().optional().describe('true or false'),
  messages: z
    .union([count, z.array(messages).min(1)])
    .optional()
    .describe('a number, or a list of channel, text, exactly, to, count, notified'),
  calls: z
    .record(z.string(), count)
    .optional()
    .describe(
      'how often each operation was called by functions and machines, such as { UpdateService: 1 }',
    ),
})

/** What each kind of step in Slack needs and takes besides. */
const SLACK = {
  press: { needs: ['by'], takes: ['message', 'answer'] },
  command: { needs: ['by'], takes: ['channel'] },
  mention: { needs: ['by'], takes: ['thread', 'channel'] },
  delete: { needs: [], takes: [] },
  down: { needs: [], takes: [] },
  limit: { needs: [], takes: ['method'] },
} as const satisfies Record<string, { needs: readonly string[]; takes: readonly string[] }>

/** What people do in Slack, and what becomes of Slack itself (local/outside/slack). */
const slack = z
  .strictObject({
    press: z.string().min(1).optional().describe('what a button says'),
    message: z.string().optional().describe('part of the text of the message with the button'),
    answer: z.enum(['confirm', 'deny']).optional().describe('confirm or deny'),
    command: z.string().startsWith('/').optional().describe('such as /caretaker why orders'),
    mention: z.string().min(1).optional().describe('what a person writes to the app'),
    thread: z.string().optional().describe('part of the text of a message'),
    channel: z.string().optional().describe('the name of a channel'),
    by: z.string().optional().describe('the id, name or e-mail address of a person in Slack'),
    delete: z.string().min(1).optional().describe('part of the text of a message'),
    down: z.boolean().optional().describe('true or false'),
    limit: z.int().min(1).optional().describe('seconds'),
    method: z.string().optional().describe('a method such as chat.update'),
  })
  .refine((value) => {
    const [kind, other] = (Object.keys(SLACK) as (keyof typeof SLACK)[]).filter(
      (name) => value[name] !== undefined,
    )
    if (kind === undefined || other !== undefined) return false
    const { needs, takes }: { needs: readonly string[]; takes: readonly string[] } = SLACK[kind]
    const given = Object.keys(value).filter((name) => name !== kind)
    return (
      needs.every((name) => given.includes(name)) &&
      given.every((name) => needs.includes(name) || takes.includes(name))
    )
  })
  .describe(
    'one of press (by, message, answer), command (by, channel), mention (by, thread, channel), delete, down, limit (method); press, command and mention need by',
  )

const call = z.strictObject({
  service: z.string().describe("an AWS SDK client's name without `client-`, such as ecs"),
  operation: z.string().describe('an operation, such as UpdateService'),
  input: z.record(z.string(), z.unknown()).optional().describe("the operation's input"),
  by: z
    .string()
    .min(1)
    .optional()
    .describe(
      'who calls: an e-mail address (somebody whom Identity Center lets in), <role>/<session> or a user',
    ),
})

const event = z.strictObject({
  source: z.string().describe('an event source, such as aws.cloudwatch'),
  'detail-type': z.string().describe("the event's detail-type"),
  resources: z.array(z.string()).optional().describe('a list of ARNs'),
  detail: z.record(z.string(), z.unknown()).describe("the event's detail"),
  /** When it happened, where that is not now. */
  time: instant.optional(),
})

/** A request as a person or another service would make it (local/outside/traffic). */
const request = z.strictObject({
  url: z
    .string()
    .regex(/^(\/\S*|tcp:\/\/:\d+|https?:\/\/[\w.-]+(:\d+)?(\/\S*)?)$/)
    .describe(
      '/path at the load balancer, tcp://:<port> at the network load balancer, or http://<service>.<namespace>:<port>',
    ),
  status: z.int().min(0).max(599).default(200).describe('an HTTP status; 0: no connection'),
  by: z.string().optional().describe('the name of the service that is to answer'),
})

/** What has been spent since the month began, as billing shows it some hours later. */
const spend = z.strictObject({
  team: z.string().optional().describe('a team of the catalog that has a budget'),
  usd: z.number().min(0).describe('US dollars since the month began'),
  seenAfter: duration('10h').default(10 * 60 * 60_000),
  forecast: z
    .union([z.number().min(0), z.literal('none')])
    .default('none')
    .describe('US dollars by the end of the month, or none'),
  known: z.boolean().default(true).describe('false while billing does not know the tags'),
  perDay: z
    .record(z.string(), z.number().min(0))
    .optional()
    .describe('by AWS service: US dollars that a day costs from now on'),
})

/** What Cost Anomaly Detection finds in what a team (or the account) has cost, as it tells it later. */
const anomaly = z.strictObject({
  team: z.string().optional().describe('a team of the catalog'),
  service: z
    .string()
    .default('Amazon Elastic Compute Cloud - Compute')
    .describe('the name of an AWS service'),
  usd: z.number().positive().describe('US dollars more than expected, so far'),
  expected: z.number().min(0).default(10).describe('US dollars that were expected'),
  seenAfter: duration('24h').default(24 * 60 * 60_000),
})

/** What a step does; each step does exactly one of these. */
const ACTIONS = {
  push,
  goBack,
  request,
  slack,
  call,
  event,
  expect: expectation,
  faults,
  shortage,
  interrupt,
  down,
  off,
  spend,
  anomaly,
  create,
  ask,
  tool,
  join,
  stopTask,
} as const
const NAMES = Object.keys(ACTIONS) as (keyof typeof ACTIONS)[]

const step = z
  .strictObject({
    at: moment,
    push: push.optional(),
    goBack: goBack.optional(),
    request: request.optional(),
    slack: slack.optional(),
    call: call.optional(),
    event: event.optional(),
    expect: expectation.optional(),
    faults: faults.optional(),
    shortage: shortage.optional(),
    interrupt: interrupt.optional(),
    down: down.optional(),
    off: off.optional(),
    spend: spend.optional(),
    anomaly: anomaly.optional(),
    create: create.optional(),
    ask: ask.optional(),
    tool: tool.optional(),
    join: join.optional(),
    stopTask: stopTask.optional(),
  })
  .refine((value) => NAMES.filter((name) => value[name] !== undefined).length === 1)
  .describe(`at, and exactly one of ${NAMES.join(', ')}`)

export const scenario = z.strictObject({
  name: z.string().min(1).describe('what this scenario shows'),
  start: instant.default(new Date('2026-03-02T09:00:00Z')),
  catalog: z.string().optional().describe('the directory of a catalog'),
  seed: z.int().min(0).optional().describe('a whole number; --seed goes before it'),
  faults: faults.optional(),
  /** What people and tools are refused is no failure of the file. */
  lenient: z.boolean().default(false).describe('true or false'),
  steps: z.array(step).min(1).describe('at least one step'),
})

export type Scenario = z.infer<typeof scenario>
export type Step = Scenario['steps'][number]
export type Expectation = z.infer<typeof expectation>
export type ExpectedMessages = z.infer<typeof messages>
