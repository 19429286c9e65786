import { mayPass, roleName } from '../pass-roles.ts'
import { TAGS } from '../tags.ts'
import { type Follow, followOf, isFollow } from './follow.ts'
import type { Choice, Found, FoundService, Obstacle } from './found.ts'
import { type Origin, originOf } from './origin.ts'
import { type Owners, ownersOf } from './owners.ts'

/** What the judges of the roll-out say of a service that would follow a repository. */
export type RollOutJudged = {
  /** Why no image of it can be rolled out: `domain/roll-out/refusal.ts`. */
  refusal?: string | undefined
  /** What would be rolled out at once, as the next sweep decides. */
  atOnce: readonly { tag: string; digest: string; reason: string }[]
  /** There is an image that the policy takes. */
  hasImage: boolean
}

/** What Caretaker would do for a resource, what keeps it from that, and the tags that ask for it. */
export type Assessment = {
  found: Found
  origin: Origin
  owners: Owners
  /** It carries tags of this environment already. */
  state: 'new' | 'looked-after' | 'other-environment'
  would: ('roll-outs' | 'sleep')[]
  obstacles: Obstacle[]
  notes: string[]
  /** The tags that are proposed; none where nothing is to be done. */
  set: Record<string, string>
  atOnce: RollOutJudged['atOnce']
}

const PRODUCTION = /(^|[-_/. ])(prod|production|prd|live)([-_/. ]|$)/i
/** Tags by which people name an environment, a team and a resource. */
const ENVIRONMENTS = ['environment', 'env', 'stage', 'copilot-environment']
const OWNERS = [TAGS.owner, 'owner', 'team', 'squad']
const MOST_TAGS = 50
const CURE_UNKNOWN = 'docs/adopt.md#what-stands-in-the-way says what may be done'

/** Data stores wake first and sleep last; everything without an order comes after. */
const STORES_FIRST = '10'

/**
 * Whose pushes a service would follow, before any judge is asked; undefined for what is no service.
 *
 * @throws PolicyError for a policy that cannot be read.
 */
export function wishOf(
  { service, tags }: Found,
  choice: Pick<Choice, 'deploy'>,
): Follow | Obstacle | undefined {
  if (service === undefined) return undefined
  const asked = tags[TAGS.deploy] ?? choice.deploy
  const repository = tags[TAGS.repository]
  return repository === undefined
    ? followOf(service, asked)
    : { repository, deploy: asked ?? 'off', notes: [] }
}

/**
 * Assesses a resource.
 *
 * @param judged of a service that `wishOf` gives a repository to follow.
 */
export function assess(found: Found, choice: Choice, judged?: RollOutJudged): Assessment {
  const origin = originOf(found)
  const owners = ownersOf(origin, found.service !== undefined)
  const common = { found, origin, owners, notes: [], set: {}, atOnce: [] }
  const named = found.tags[TAGS.environment]
  if (named !== undefined && named !== choice.environment) {
    const why = `it belongs to the environment ${named}, whose Caretaker looks after it`
    const cure = `nothing, or take its tag ${TAGS.environment} away`
    const obstacles: Obstacle[] = [{ keeps: 'everything', why, cure }]
    return { ...common, state: 'other-environment', would: [], obstacles }
  }
  const whole = wholeObstacles(found, choice)
  if (whole.length > 0) return { ...common, state: 'new', would: [], obstacles: whole }
  const rolled = rollOuts(found, choice, judged)
  const slept = sleeping(found, choice)
  const set = missing(found, {
    ...(rolled.follow && {
      [TAGS.repository]: rolled.follow.repository,
      [TAGS.deploy]: rolled.follow.deploy,
    }),
    ...slept.tags,
  })
  const does = Object.keys(set).length > 0
  const is = TAGS.repository in found.tags || TAGS.schedule in found.tags
  return {
    ...common,
    state: is && !does ? 'looked-after' : 'new',
    would: [
      ...(rolled.follow === undefined ? [] : (['roll-outs'] as const)),
      ...(slept.tags[TAGS.schedule] === undefined ? [] : (['sleep'] as const)),
    ],
    obstacles: [...rolled.obstacles, ...slept.obstacles],
    notes: [...rolled.notes, ...slept.notes],
    set: does ? { ...set, ...missing(found, belonging(found, choice)) } : {},
    atOnce: does && TAGS.repository in set ? rolled.atOnce : [],
  }
}

/** Tags that it has already are whoever's wrote them: they stay. */
const missing = (
  { tags }: Found,
  wanted: Readonly<Record<string, string>>,
): Record<string, string> =>
  Object.fromEntries(Object.entries(wanted).filter(([key]) => tags[key] === undefined))

/** Why nothing at all is proposed. */
function wholeObstacles(found: Found, { isNamed }: Choice): Obstacle[] {
  const { tags, arn, name, service } = found
  if (service !== undefined && arn.split(':service/')[1]?.includes('/') !== true) {
    return [
      {
        keeps: 'everything',
        why: 'its ARN is of the short form, and ECS takes no tags for such a service',
        cure: 'move it to the long form, which changes nothing that runs: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-arn-migration.html',
      },
    ]
  }
  const added = 6
  if (Object.keys(tags).length > MOST_TAGS - added) {
    const why = `it has ${Object.keys(tags).length} tags, and AWS allows ${MOST_TAGS}`
    return [{ keeps: 'everything', why, cure: `remove some: up to ${added} are added` }]
  }
  const said = ENVIRONMENTS.flatMap((key) => taggedAs(tags, key) ?? []).find((value) =>
    PRODUCTION.test(value),
  )
  const where = [name, service?.cluster ?? ''].find((text) => PRODUCTION.test(text)) ?? said
  if (where === undefined || isNamed(found) || TAGS.environment in tags) return []
  return [
    {
      keeps: 'everything',
      why: `it looks like production: ${where}`,
      cure: `nothing; if it is to be looked after all the same, name it: ${service === undefined ? `--only ${name}` : `--service ${service.cluster}/${name}`}`,
    },
  ]
}

/** A tag's value, however its key is written. */
const taggedAs = (tags: Readonly<Record<string, string>>, key: string): string | undefined =>
  Object.entries(tags).find(([one]) => one.toLowerCase() === key)?.[1]

function belonging({ tags }: Found, { environment, owner, teams, givenOwner }: Choice) {
  const said = OWNERS.flatMap((key) => taggedAs(tags, key) ?? []).find((one) => teams.includes(one))
  return { [TAGS.environment]: environment, [TAGS.owner]: givenOwner ?? said ?? owner }
}

const UNJUDGED: RollOutJudged = { atOnce: [], hasImage: true }

type Rolled = Pick<Assessment, 'obstacles' | 'notes' | 'atOnce'> & { follow?: Follow }

function rollOuts(found: Found, choice: Choice, judged: RollOutJudged = UNJUDGED): Rolled {
  const { service } = found
  const follow = wishOf(found, choice)
  if (service === undefined || follow === undefined) return { obstacles: [], notes: [], atOnce: [] }
  const foreign = service.roles.filter((arn) => !mayPass(choice.passable, arn)).map(roleName)
  const passing: Obstacle[] = foreign.length === 0 ? [] : [passObstacle(foreign)]
  if (!isFollow(follow)) {
    return { obstacles: [follow, ...passing], notes: [], atOnce: [] }
  }
  const { refusal, atOnce, hasImage } = judged
  const refused: Obstacle[] =
    refusal === undefined ? [] : [{ keeps: 'roll-outs', why: refusal, cure: cureOf(refusal) }]
  const obstacles = [...refused, ...passing]
  if (obstacles.length > 0) return { obstacles, notes: [], atOnce: [] }
  const none = hasImage
    ? []
    : [`the registry has no image of ${follow.repository} that ${follow.deploy} takes yet`]
  return { follow, obstacles, notes: [...follow.notes, ...none, ...remarks(service)], atOnce }
}

const passObstacle = (names: readonly string[]): Obstacle => ({
  keeps: 'roll-outs',
  why: `Caretaker may not hand its role to ECS: ${names.join(', ')} (iam:PassRole)`,
  cure: `in catalog/environment.yaml: passRoles: [${names.join(', ')}], then \`caretaker environment deploy\`, then this again`,
})

/** What is done about a refusal of the roll-out's own judge, by what it is about. */
function cureOf(refusal: string): string {
  if (/deployment controller/.test(refusal)) {
    return 'make the service anew with the deployment controller ECS; as it is it can only sleep'
  }
  if (/deployment strategy|deployments wait/.test(refusal)) {
    return 'give it shorter bake times, or the strategy ROLLING; as it is it can only sleep'
  }
  if (/DAEMON/.test(refusal)) return 'make it a REPLICA service, or leave it to whoever deploys it'
  if (/runs on .*image has only/.test(refusal)) {
    return 'build the image for that platform too, or change runtimePlatform of the task definition'
  }
  if (/pre-deploy/.test(refusal)) return 'write the label as a list of words in JSON'
  if (/no container/.test(refusal)) return 'name an image of that repository in the task definition'
  return CURE_UNKNOWN
}

/** What does not keep it from being rolled out, and is worth knowing before. */
function remarks(service: FoundService): string[] {
  const { percent, hasBreaker, familyOf, bounds, shifting } = service
  const isTight = percent.minimum >= 100 && percent.maximum <= 100
  return [
    ...(shifting === undefined
      ? []
      : [
          `its deployments are ${shifting.strategy}: each has twice the tasks for a time and waits ${shifting.minutes} minutes by itself, and so does a roll-out`,
        ]),
    ...(hasBreaker || shifting !== undefined
      ? []
      : [
          'ECS’s circuit breaker is off: a bad deployment ends only after 30 minutes without progress, by Caretaker',
        ]),
    ...(isTight
      ? [
          'minimumHealthyPercent 100 with maximumPercent 100 leaves no room for a new task: raise one or lower the other',
        ]
      : []),
    ...(familyOf.length === 0
      ? []
      : [
          `${familyOf.join(', ')} ${familyOf.length === 1 ? 'has' : 'have'} the same family of task definitions: whatever names no revision takes the newest, which a roll-out makes`,
        ]),
    ...(bounds?.min === 0
      ? [
          'its scaling may take it to 0 tasks by itself, which nobody can tell from somebody’s stop: a minimum of 1 is clearer',
        ]
      : []),
  ]
}

function sleeping(
  found: Found,
  { schedule }: Choice,
): Pick<Assessment, 'obstacles' | 'notes'> & { tags: Record<string, string> } {
  const { kind, refusesSleep, forwards, service } = found
  const none = { obstacles: [], notes: [], tags: {} }
  if (schedule === undefined) return none
  const why =
    refusesSleep ??
    (forwards
      ? 'it sends on what others send (its source/destination check is off): with it they lose their way out'
      : undefined)
  if (why !== undefined) {
    return { ...none, obstacles: [{ keeps: 'sleep', why, cure: cureOfSleep(why) }] }
  }
  const isStore = kind === 'database' || kind === 'cluster'
  const { bounds } = service ?? {}
  const notes =
    bounds === undefined
      ? []
      : [
          `while it sleeps its scaling is 0 to 0; when it wakes, ${bounds.min} to ${bounds.max} again`,
        ]
  const tags = { [TAGS.schedule]: schedule, ...(isStore && { [TAGS.order]: STORES_FIRST }) }
  return { obstacles: [], notes, tags }
}

/** The judges of sleep say what can be done where something can. */
function cureOfSleep(why: string): string {
  if (/tag (it|that|the group)\b/.test(why)) return 'as it says'
  if (/read replica/.test(why)) return 'nothing, or end the replication first'
  if (/pauses by itself/.test(why)) return 'nothing: it costs nothing while nobody is connected'
  if (/source\/destination/.test(why)) {
    return `nothing; if it may sleep, tag it by hand with ${TAGS.schedule} and ${TAGS.order}`
  }
  if (/daemon/.test(why)) return 'put the instances to sleep that it runs on'
  return 'nothing: it stays awake'
}
