import type { Service } from '../../catalog/schema.ts'
import type { Event, Happening, Plot } from './history.ts'
import { HOUR, MINUTE } from './lengths.ts'
import { serviceOf } from './pushes.ts'

const PEOPLE = ['ann@example.com', 'bob@example.com', 'olga@example.com', 'stranger@example.com']

type Said = (plot: Plot, service: Service) => string

const forMinutes = ({ dice }: Plot): string =>
  `for ${dice.pick('length', [20, 31, 40, 45, 90, 150])} min`

/** What people ask for, by every way in. */
const WORDS: readonly (readonly [weight: number, said: Said])[] = [
  [3, (plot, { name }) => `keep ${name} ${forMinutes(plot)}`],
  [1, (plot) => `keep dev ${forMinutes(plot)}`],
  [1, (plot, { team }) => `keep ${team} ${forMinutes(plot)}`],
  [1, (_, { name }) => `keep ${name}`],
  [2, (_, { name }) => `wake ${name}`],
  [2, (plot, { name }) => `wake ${name} ${forMinutes(plot)}`],
  [3, (plot, { name }) => `sleep ${name} ${forMinutes(plot)}`],
  [1, (plot, { name }) => `sleep ${name} ${forMinutes(plot)} --despite-keep`],
  [1, (_, { team }) => `sleep ${team}`],
  [2, (_, { name }) => `unkeep ${name}`],
  [1, () => 'unkeep dev'],
  [2, (_, { name }) => `rollback ${name}`],
  [1, (_, { name }) => `retry ${name}`],
  [1, (_, { name, deploy }) => `deploy ${name} ${/^[a-z]+$/.test(deploy) ? deploy : 'main'}`],
  [2, (_, { name }) => `pin ${name} looking at it`],
  [3, (_, { name }) => `unpin ${name}`],
  [1, (plot, { name }) => `freeze ${name} ${forMinutes(plot).replace('for', 'until')} demo`],
  [1, (plot) => `freeze ${forMinutes(plot).replace('for', 'until')} demo`],
  [2, (_, { name }) => `thaw ${name}`],
  [1, () => 'thaw'],
  [1, (_, { name }) => `why ${name}`],
  [1, () => 'status'],
  [1, (plot, { name }) => `acknowledge dev-${name}-${plot.dice.pick('alarm', ALARMS)}`],
  [1, (plot, { name }) => `mute dev-${name}-${plot.dice.pick('alarm', ALARMS)}`],
]

const ALARMS = ['errors', 'restarts', 'tasks-missing', 'unhealthy']

/** The ends of what was asked for are moments too. */
function remember({ moments }: Plot, text: string, at: number): void {
  const minutes = Number(/(\d+) min/.exec(text)?.[1] ?? 0)
  if (minutes > 0) moments.push(at + minutes * MINUTE)
}

/** Somebody asks, at the command line or in Slack. */
export const ask: Happening = (plot, at) => {
  const { dice } = plot
  const text = dice.weighted('words', WORDS)(plot, serviceOf(plot))
  const by = dice.pick('who', PEOPLE)
  remember(plot, text, at)
  const way = dice.weighted('way', [
    [3, { ask: { text, by } }],
    [3, { slack: { command: `/caretaker ${text}`, by: by.split('@')[0] ?? '' } }],
    [1, { slack: { mention: text, by: by.split('@')[0] ?? '' } }],
  ] as const)
  return [{ at, ...way }]
}

/** Two people at the same moment. */
export const askTogether: Happening = (plot, at) => [...ask(plot, at), ...ask(plot, at)]

const BUTTONS = [
  'Roll back',
  'Keep 2 h',
  'Retry',
  'Wake',
  'Sleep',
  'Acknowledge',
  'Mute 1 h',
  'Unpin',
]

export const press: Happening = ({ dice }, at) => {
  const by = dice.pick('presser', ['ann', 'bob', 'olga'])
  return [{ at, slack: { press: dice.pick('button', BUTTONS), by } }]
}

const named = (plot: Plot, { name, cluster }: Service) => ({
  cluster: `${plot.catalog.environment.name}-${cluster}`,
  service: name,
})

const ecs = (at: number, operation: string, input: object): Event => ({
  at,
  call: { service: 'ecs', operation, input: { ...input }, by: 'ana' },
})

/** A person by hand; zero is sleep. */
const scale: Happening = (plot, at) => {
  const desiredCount = plot.dice.pick('count', [0, 0, 1, 2, 3])
  return [ecs(at, 'UpdateService', { ...named(plot, serviceOf(plot)), desiredCount })]
}

const force: Happening = (plot, at) => [
  ecs(at, 'UpdateService', { ...named(plot, serviceOf(plot)), forceNewDeployment: true }),
]

const revision: Happening = (plot, at) => {
  const service = serviceOf(plot)
  const family = `${plot.catalog.environment.name}-${service.name}`
  const taskDefinition = `${family}:${plot.dice.whole('revision', 1, 5)}`
  return plot.dice.chance('deregister', 0.3)
    ? [ecs(at, 'DeregisterTaskDefinition', { taskDefinition })]
    : [ecs(at, 'UpdateService', { ...named(plot, service), taskDefinition })]
}

const tool: Happening = (plot, at) => {
  const { dice, pushed } = plot
  const { name, repository } = serviceOf(plot)
  const does = dice.pick('does', ['deploys', 'deploys', 'registers', 'stops'] as const)
  const known = pushed.get(repository) ?? []
  const image =
    known.length > 0 && dice.chance('own image', 0.4) ? dice.pick('old', known) : undefined
  const stopTimeout = dice.whole('stop timeout', 20, 110)
  const asked = { service: name, does, stopTimeout, ...(image === undefined ? {} : { image }) }
  return [{ at, tool: asked }]
}

const bound: Happening = (plot, at) => {
  const { cluster, service } = named(plot, serviceOf(plot))
  const MinCapacity = plot.dice.pick('min', [1, 2, 3])
  const input = {
    ServiceNamespace: 'ecs',
    ScalableDimension: 'ecs:service:DesiredCount',
    ...{ ResourceId: `service/${cluster}/${service}`, MinCapacity, MaxCapacity: 5 },
  }
  const call = { service: 'application-auto-scaling', operation: 'RegisterScalableTarget', input }
  return [{ at, call: { ...call, by: 'ana' } }]
}

const database: Happening = (plot, at) => {
  const { catalog, dice } = plot
  const owners = catalog.services.filter((one) => one.database === 'own')
  if (owners.length === 0) return []
  const name = `${catalog.environment.name}-${dice.pick('database', owners).name}-database`
  const operation = dice.pick('database/operation', ['StartDBInstance', 'StopDBInstance'])
  const input = { DBInstanceIdentifier: name }
  return [{ at, call: { service: 'rds', operation, input, by: 'ana' } }]
}

const TAGS: Readonly<Record<string, readonly string[]>> = {
  'caretaker:deploy': ['main', 'main', 'off', 'glob:m*', 'semver:~1.4'],
  'caretaker:bake': ['60', '5', 'soon'],
  'caretaker:deadline': ['300', '1800'],
  'caretaker:environment': ['dev', 'dev', 'other'],
  'caretaker:schedule': ['naps', 'office-hours', 'always-on', 'unheard-of'],
  'caretaker:order': ['20', '5', 'late'],
  'caretaker:owner': ['ordering', 'storefront', 'nobody'],
}

/** Tagged by hand, and often set right again some time later. */
const retag: Happening = (plot, at) => {
  const { dice } = plot
  const resourceArn = arnOf(plot, serviceOf(plot))
  const key = dice.pick('tag key', Object.keys(TAGS))
  const set = (value: string, when: number) =>
    ecs(when, 'TagResource', { resourceArn, tags: [{ key, value }] })
  const usual = TAGS[key]?.[0] ?? ''
  const mended = at + dice.whole('mended', 1, 90) * MINUTE
  return [
    set(dice.pick('tag value', TAGS[key] ?? []), at),
    ...(dice.chance('mends', 0.6) && mended < plot.until ? [set(usual, mended)] : []),
  ]
}

function arnOf(plot: Plot, service: Service): string {
  const { cluster } = named(plot, service)
  const { region } = plot.catalog.environment
  return `arn:aws:ecs:${region}:123456789012:service/${cluster}/${service.name}`
}

/** Out of Caretaker's care, and some minutes later in again. */
const optOut: Happening = (plot, at) => {
  const service = serviceOf(plot)
  const key = plot.dice.pick('opt out', ['caretaker:repository', 'caretaker:schedule'])
  const value = key === 'caretaker:repository' ? service.repository : service.schedule
  const resourceArn = arnOf(plot, service)
  const back = at + plot.dice.whole('away', 1, 60) * MINUTE
  return [
    ecs(at, 'UntagResource', { resourceArn, tagKeys: [key] }),
    ...(value === undefined || back >= plot.until
      ? []
      : [ecs(back, 'TagResource', { resourceArn, tags: [{ key, value }] })]),
  ]
}

/** A service that no catalog has joins by its tags, and leaves after some hours. */
const join: Happening = (plot, at) => {
  const { dice, catalog } = plot
  const model = serviceOf(plot)
  const { cluster } = named(plot, model)
  const service = `joined-${dice.whole('joined', 1, 99)}`
  const { name: environment } = catalog.environment
  const tags = {
    'caretaker:environment': environment,
    'caretaker:service': service,
    'caretaker:owner': 'ordering',
    'caretaker:repository': model.repository,
    'caretaker:deploy': 'main',
    'caretaker:schedule': dice.pick('joined schedule', ['naps', 'office-hours', 'always-on']),
  }
  const made = ecs(at, 'CreateService', {
    ...{ cluster, serviceName: service, taskDefinition: `${environment}-${model.name}` },
    ...{ desiredCount: 1, launchType: 'FARGATE' },
    tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
  })
  const gone = at + dice.whole('leaves', 1, 9) * HOUR
  if (gone >= plot.until) return [made]
  return [made, ecs(gone, 'DeleteService', { cluster, service, force: true })]
}

export const byHand: readonly (readonly [weight: number, happening: Happening])[] = [
  [3, scale],
  [1, force],
  [2, revision],
  [2, tool],
  [1, bound],
  [1, database],
  [2, retag],
  [1, optOut],
  [1, join],
]
