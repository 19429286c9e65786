import { EXPLAINED } from '../../domain/acts/help.ts'
import { isKeptName } from '../../domain/kept-name.ts'
import type { JournalEntry } from '../aws/eventbridge/model.ts'
import type { PushRecord } from '../views/kept.ts'
import { causeOf, type ExecutionCause } from './executions.ts'
import type { ExecutionSource, ReceiptSource, Seen } from './source.ts'
import type { Step, StoryView } from './view.ts'
import { nameIn, verdictOf } from './words.ts'

const LISTED = 40
/** Events that are read: a roll-out has about twenty. */
const LOOKED_AT = 2000
/** One push may have a record in each of several services. */
const RECORDS = 4 * LISTED

/** A push, or a person's asking for an image, while its story is put together. */
type PushStory = StoryView & { image: NonNullable<StoryView['image']> }

/**
 * Every push and every act, newest first, with what came of it: events, decisions, deployments,
 * verdicts. Who asked for an image has a story of that asking: it is news, and not the old push's.
 */
export function timelineOf(seen: Seen): StoryView[] {
  const journal = seen.journal.slice(-LOOKED_AT)
  const executions = new Map(seen.executions.map((execution) => [execution.arn, execution]))
  const stories: PushStory[] = []
  for (const entry of journal) addPush(stories, entry)
  for (const record of seen.records.slice(-RECORDS)) {
    const story = storyFor(stories, record)
    if (addForJob(story, record, seen.teams.catalog)) continue
    addRecord(story, record, {
      journal,
      execution: executions.get(record.execution),
    })
  }
  for (const story of stories) story.steps.sort((a, b) => a.at.localeCompare(b.at))
  const acts = seen.receipts.slice(-LISTED).flatMap(actStory)
  return [...stories, ...acts].toSorted((a, b) => b.at.localeCompare(a.at)).slice(0, LISTED)
}

function storyFor(stories: PushStory[], record: PushRecord): PushStory {
  const { asked, at } = record
  if (asked === undefined) {
    return storyOf(stories, record, at) ?? storyOf(stories, record) ?? begin(stories, record, at)
  }
  const story = begin(stories, record, at)
  story.asked = { by: asked.by, words: asked.retry ? 'retry' : 'asked for' }
  return story
}

/** Their roll-outs are records, which say more. */
const BY_RECORD: readonly ReceiptSource['verb'][] = ['deploy', 'roll-back', 'retry']

function actStory({
  id,
  at,
  by,
  verb,
  subject,
  service,
  outcome,
  said,
}: ReceiptSource): StoryView[] {
  const isRefused = outcome === 'refused'
  if (BY_RECORD.includes(verb) && !isRefused) return []
  const tone = isRefused ? ('bad' as const) : ('good' as const)
  return [
    {
      ...{ id, at, services: service === undefined ? [] : [service] },
      asked: { by, words: `${EXPLAINED[verb].word} ${subject}`.trim() },
      verdicts: [{ service: subject, word: isRefused ? 'refused' : 'done', tone }],
      steps: [{ at, kind: 'decision', tone: 'quiet', text: said }],
    },
  ]
}

type Push = { repository: string; tag: string; digest: string }

/** The story of that push; without an instant, of the last push of that image under that name. */
function storyOf(stories: readonly PushStory[], push: Push, at?: string): PushStory | undefined {
  return stories.findLast(
    (story) =>
      story.asked === undefined &&
      story.image.digest === push.digest &&
      story.image.tag === push.tag &&
      story.image.repository === push.repository &&
      (at === undefined || story.at === at),
  )
}

function begin(stories: PushStory[], { repository, tag, digest }: Push, at: string): PushStory {
  const id = `${repository}:${tag}@${digest} ${at}`
  const story: PushStory = {
    id,
    at,
    image: { repository, tag, digest },
    services: [],
    verdicts: [],
    steps: [],
  }
  stories.push(story)
  return story
}

function addPush(stories: PushStory[], { event, fault = '', rules, at }: JournalEntry): void {
  const { detail } = event
  const tag = detail['image-tag']
  if (event['detail-type'] !== 'ECR Image Action' || detail['action-type'] !== 'PUSH') return
  const [repository, digest] = [detail['repository-name'], detail['image-digest']]
  // An index is pushed after its untagged images; the names of what runs are Caretaker's own.
  if (
    typeof tag !== 'string' ||
    tag === '' ||
    isKeptName(tag) ||
    typeof repository !== 'string' ||
    typeof digest !== 'string'
  )
    return
  const push = { repository, tag, digest }
  const { steps } = storyOf(stories, push, event.time) ?? begin(stories, push, event.time)
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

/** A push to a job's repository: no service takes it, and that is as it should be. */
function addForJob(
  story: PushStory,
  { service, repository, at, endedAt = at }: PushRecord,
  { services }: Seen['teams']['catalog'],
): boolean {
  const isJob = Object.hasOwn(services, repository) && services[repository]?.kind === 'job'
  if (service !== undefined || !isJob) return false
  const text = `${repository} is a job: nothing is rolled out, and each of its runs pulls the newest image of its tag`
  story.services.push(repository)
  story.verdicts.push({ service: repository, word: 'for its job', tone: 'quiet' })
  story.steps.push({ at: endedAt, kind: 'verdict', tone: 'quiet', text })
  return true
}

type Context = { journal: readonly JournalEntry[]; execution: ExecutionSource | undefined }

function addRecord(story: PushStory, record: PushRecord, { journal, execution }: Context): void {
  const { service, verdict, reason, endedAt } = record
  const told = verdictOf(verdict)
  const name = service ?? 'no service'
  if (service !== undefined) story.services.push(service)
  const link = execution === undefined ? {} : { execution: execution.arn }
  story.verdicts.push({ service: name, ...told, ...link })
  if (execution !== undefined) story.steps.push(...decisionSteps(execution, record))
  const since = execution?.startDate.toISOString() ?? record.at
  story.steps.push(...deploymentSteps(journal, record, since))
  if (endedAt === undefined) return
  const text =
    service === undefined ? `${capital(told.word)}: ${reason}` : `${name} ${told.word}: ${reason}`
  story.steps.push({ at: endedAt, kind: 'verdict', tone: told.tone, text })
}

const capital = (word: string): string => `${word.charAt(0).toUpperCase()}${word.slice(1)}`

/** Who found the push, and what was decided. A verdict at once is its own decision. */
function decisionSteps(execution: ExecutionSource, record: PushRecord): Step[] {
  const at = execution.startDate.toISOString()
  const found = FOUND_BY[causeOf(execution.inputText).kind]
  const why =
    plannedReason(execution) ?? (record.verdict === 'rolling-out' ? record.reason : undefined)
  const decided = `Decided to roll out to ${record.service}${why === undefined ? '' : `: ${why}`}`
  const texts = [...(found ?? []), ...(ROLL_OUT.has(record.verdict) ? [decided] : [])]
  return texts.map((text) => ({ at, kind: 'decision', tone: 'quiet', text }))
}

/** What Plan, the first task, said; once there is a verdict, the record's reason is the verdict's. */
function plannedReason({ history }: ExecutionSource): string | undefined {
  const outputs = history.events.map((event) => event.taskSucceededEventDetails?.output)
  const plan = outputs.find((output) => output !== undefined)
  if (plan === undefined) return undefined
  return (JSON.parse(plan) as { Payload?: { reason?: string } }).Payload?.reason
}

const FOUND_BY: Partial<Record<ExecutionCause['kind'], string[]>> = {
  sweep: ['The sweep found it'],
  waiting: ['It had waited, and was looked at again'],
}

const ROLL_OUT = new Set(['rolling-out', 'deployed', 'rolled-back', 'failed'])

/** What ECS said about the service while the roll-out ran. */
function deploymentSteps(
  journal: readonly JournalEntry[],
  record: PushRecord,
  since: string,
): Step[] {
  if (!ROLL_OUT.has(record.verdict)) return []
  const { service = '', endedAt = '9999' } = record
  return journal
    .filter(({ event, fault }) => event.source === 'aws.ecs' && !fault?.includes('lose'))
    .filter(({ event }) => event.time >= since && event.time <= endedAt)
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
    const isRollBack = String(detail.reason).includes('rolling back')
    return isRollBack ? ROLLING_BACK : DEPLOYMENT[String(detail.eventName)]
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

const ROLLING_BACK = ecs('going', 'rolls back to what ran before')
