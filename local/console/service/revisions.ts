import type {
  ContainerDefinition,
  DescribeTaskDefinitionRequest,
  DescribeTaskDefinitionResponse,
  ListTaskDefinitionsRequest,
  ListTaskDefinitionsResponse,
  TaskDefinition,
} from '@aws-sdk/client-ecs'

/** A revision of a task definition: plain JSON. */
export type Revision = {
  /** `dev-orders:12` */
  name: string
  number: number
  /** ISO 8601; absent where AWS does not say it. */
  at?: string
  /** The tag under which Caretaker deployed its image. */
  tag?: string
  /** Whether the service runs it now. */
  isCurrent: boolean
  /** Every setting that somebody may look for, by its name: `orders environment LOG_LEVEL`. */
  settings: Record<string, string>
}

/** Revisions that are shown. A deployment a day makes twenty in a month. */
const SHOWN = 20

/** How ECS is asked. */
type Reads = {
  list(input: ListTaskDefinitionsRequest): Promise<ListTaskDefinitionsResponse>
  describe(input: DescribeTaskDefinitionRequest): Promise<DescribeTaskDefinitionResponse>
}

/**
 * The newest revisions of the family of a revision, the newest first.
 *
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListTaskDefinitions.html
 * @param known what was read before: a revision never changes.
 */
export async function readRevisions(
  reads: Reads,
  current: string,
  known: Map<string, Revision> = new Map(),
): Promise<Revision[]> {
  const family = (current.split('/').at(-1) ?? '').replace(/:\d+$/, '')
  if (family === '') return []
  const asked = { familyPrefix: family, sort: 'DESC', maxResults: SHOWN } as const
  const { taskDefinitionArns = [] } = await reads.list(asked)
  const arns = [...new Set([...taskDefinitionArns, current])]
  const revisions: Revision[] = []
  for (const taskDefinition of arns) {
    const revision = known.get(taskDefinition) ?? (await describe(reads, taskDefinition))
    known.set(taskDefinition, revision)
    revisions.push({ ...revision, isCurrent: taskDefinition === current })
  }
  return revisions.toSorted((a, b) => b.number - a.number)
}

async function describe(reads: Reads, taskDefinition: string): Promise<Revision> {
  const answer = await reads.describe({ taskDefinition, include: ['TAGS'] })
  const { taskDefinition: found = {}, tags = [] } = answer
  const tag = tags.find(({ key }) => key === 'caretaker:tag')?.value
  const { family = '', revision = 0, registeredAt } = found
  return {
    name: `${family}:${revision}`,
    number: revision,
    ...(registeredAt !== undefined && { at: new Date(registeredAt).toISOString() }),
    ...(tag !== undefined && { tag }),
    isCurrent: false,
    settings: settingsOf(found),
  }
}

/** The settings of a task definition, side by side. Secrets are named by where they are kept. */
function settingsOf(found: TaskDefinition): Record<string, string> {
  const { cpu, memory, taskRoleArn, executionRoleArn, runtimePlatform, networkMode } = found
  return said({
    'task cpu': cpu,
    'task memory': memory,
    platform: runtimePlatform?.cpuArchitecture,
    network: networkMode,
    'task role': taskRoleArn,
    'execution role': executionRoleArn,
    ...Object.fromEntries((found.containerDefinitions ?? []).flatMap(containerOf)),
  })
}

function containerOf(container: ContainerDefinition): [string, unknown][] {
  const { name = '', image, environment = [], secrets = [], portMappings = [] } = container
  const { command, entryPoint, healthCheck, cpu, memory, memoryReservation, stopTimeout } =
    container
  const simple = { image, cpu, memory, memoryReservation, stopTimeout, command, entryPoint }
  return [
    ...Object.entries(simple).map(([key, value]): [string, unknown] => [`${name} ${key}`, value]),
    [`${name} health check`, healthCheck],
    [`${name} ports`, portMappings.map(({ containerPort }) => containerPort).join(', ')],
    ...environment.map((one): [string, unknown] => [`${name} environment ${one.name}`, one.value]),
    ...secrets.map((one): [string, unknown] => [`${name} secret ${one.name}`, one.valueFrom]),
  ]
}

/** AWS answers members in any order: that is no difference. */
const inOrder = (_: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => a.localeCompare(b)))
    : value

/** What is set at all, as text. */
function said(settings: Record<string, unknown>): Record<string, string> {
  const texts = Object.entries(settings).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value, inOrder),
  ])
  return Object.fromEntries(texts.filter(([, text]) => text !== '' && text !== '[]'))
}
