import type { JournalEntry } from '../aws/eventbridge/model.ts'
import type { PushRecord } from '../records.ts'
import { causeOf, findExecution } from './executions.ts'
import type { Source } from './source.ts'
import type { Step, Story } from './view.ts'
import { nameIn, verdictOf } from './words.ts'

const LISTED = 40
/** Events looked back at: a roll-out has some twenty. */
const LOOKED_AT = 2000

/** Every push, newest first, with what came of it: events, decisions, deployments, verdicts. */
export function timelineOf(source: Source): Story[] {
  const journal = source.journal.slice(-LOOKED_AT)
  const stories = new Map<string, Story>()
  for (const entry of journal) addPush(stories, entry)
  for (const record of source.records()) {
    addRecord(source, storyOf(stories, record, record.at), record, journal)
  }
  for (const story of stories.values()) story.steps.sort((a, b) => a.at.localeCompare(b.at))
  return [...stories.values()].toSorted((a, b) => b.at.localeCompare(a.at)).slice(0, LISTED)
}

type Push = { repository: string; tag: string; digest: string }

function storyOf(stories: Map<string, Story>, push: Push, at: string): Story {
  const { repository, tag, digest } = push
  const id = `${repository}:${tag}@${digest}`
  const known = stories.get(id)
  if (known !== undefined) return known
  const story: Story = { id, at, repository, tag, digest, services: [], verdicts: [], steps: [] }
  stories.set(id, story)
  return story
}

function addPush(
  stories: Map<string, Story>,
  { event, fault = '', rules, at }: JournalEntry,
): void {
  const { detail } = event
  const tag = detail['image-tag']
  if (event['detail-type'] !== 'ECR Image Action' || detail['action-type'] !== 'PUSH') return
  // An index is pushed after its untagged images; only the tagged push is one of ours.
  if (typeof tag !== 'string') return
  const [repository, digest] = [detail['repository-name'], detail['image-digest']].map(String)
  const push = { repository: repository ?? '', tag, digest: digest ?? '' }
  const { steps } = storyOf(stories, push, event.time)
  const when = new Date(at).toISOString()
  const faults = fault.split('+')
  const again = faults.includes('duplicate') && steps.length > 0
  for (const one of faults) {
    const text = FAULTS[one]
    if (text !== undefined) steps.push({ at: when, kind: 'fault', tone: 'held', text })
  }
  if (faults.includes('lose')) return
  const arrived = again ? 'The event arrived again' : 'The event arrived'
  const text =
    rules.length === 0
      ? `${arrived}; no rule matched it`
      : `${arrived} and matched ${listed(rules)}`
  steps.push({ at: when, kind: 'event', tone: 'quiet', text })
}

const listed = (rules: readonly string[]): string =>
  rules.length === 1 ? `the rule ${rules[0]}` : `the rules ${rules.join(', ')}`

const FAULTS: Record<string, string> = {
  lose: 'The event was lost on its way',
  delay: 'The event was late',
  reorder: 'The event was overtaken by others',
}

function addRecord(
  source: Source,
  story: Story,
  record: PushRecord,
  journal: readonly JournalEntry[],
): void {
  const { service, verdict, reason, execution, endedAt } = record
  const told = verdictOf(verdict)
  const name = service ?? 'no service'
  if (service !== undefined) story.services.push(service)
  story.verdicts.push({ service: name, ...told, execution })
  story.steps.push(...decisionSteps(source, record))
  if (service !== undefined) story.steps.push(...deploymentSteps(journal, record))
  if (endedAt === undefined) return
  const text = `${name} ${told.word}: ${reason}`
  story.steps.push({ at: endedAt, kind: 'verdict', tone: told.tone, text, execution })
}

/** Who found the push, and what was decided. A verdict at once is its own decision. */
function decisionSteps(source: Source, record: PushRecord): Step[] {
  const execution = findExecution(source, record.execution)
  if (execution === undefined) return []
  const at = execution.startDate.toISOString()
  const found = { sweep: 'The sweep found it', waiting: 'It had waited, and was looked at again' }
  const { kind } = causeOf(execution.inputText)
  const foundBy = kind === 'sweep' || kind === 'waiting' ? [found[kind]] : []
  const isRollOut = ROLL_OUT.has(record.verdict)
  const decided = isRollOut ? [`Decided to roll out to ${record.service}`] : []
  return [...foundBy, ...decided].map((text) => ({
    at,
    kind: 'decision',
    tone: 'quiet',
    text,
    execution: record.execution,
  }))
}

const ROLL_OUT = new Set(['rolling-out', 'deployed', 'rolled-back', 'failed'])

/** What ECS said about the service while the roll-out ran. */
function deploymentSteps(journal: readonly JournalEntry[], record: PushRecord): Step[] {
  if (!ROLL_OUT.has(record.verdict)) return []
  const { service = '', at, endedAt = '9999' } = record
  return journal
    .filter(({ event, fault }) => event.source === 'aws.ecs' && !fault?.includes('lose'))
    .filter(({ event }) => event.time >= at && event.time <= endedAt)
    .flatMap(({ event, at }) => {
      const told = deploymentStep(event, service)
      return told === undefined ? [] : [{ ...told, at: new Date(at).toISOString() }]
    })
}

function deploymentStep(
  { resources, detail, ...event }: JournalEntry['event'],
  service: string,
): Omit<Step, 'at'> | undefined {
  if (event['detail-type'] === 'ECS Deployment State Change') {
    if (!resources.some((arn) => nameIn(arn) === service)) return undefined
    return DEPLOYMENT[String(detail.eventName)]
  }
  if (event['detail-type'] !== 'ECS Task State Change') return undefined
  if (detail.lastStatus !== 'STOPPED' || detail.group !== `service:${service}`) return undefined
  if (!['EssentialContainerExited', 'TaskFailedToStart'].includes(String(detail.stopCode))) {
    return undefined
  }
  const containers = (detail.containers ?? []) as { exitCode?: number }[]
  const exitCode = containers.find(({ exitCode = 0 }) => exitCode !== 0)?.exitCode
  const how = exitCode === undefined ? String(detail.stoppedReason) : `exit code ${exitCode}`
  return { kind: 'deployment', tone: 'bad', text: `ECS: a task stopped by itself, ${how}` }
}

const ecs = (tone: Step['tone'], text: string): Omit<Step, 'at'> => ({
  kind: 'deployment',
  tone,
  text: `ECS: ${text}`,
})

const DEPLOYMENT: Record<string, Omit<Step, 'at'>> = {
  SERVICE_DEPLOYMENT_IN_PROGRESS: ecs('going', 'deployment started'),
  SERVICE_DEPLOYMENT_COMPLETED: ecs('good', 'deployment completed'),
  SERVICE_DEPLOYMENT_FAILED: ecs('bad', 'deployment failed'),
}
