import type {
  ContainerDefinition,
  DescribeServicesResponse,
  ListServiceDeploymentsResponse,
  ListTaskDefinitionsResponse,
  RegisterTaskDefinitionResponse,
} from '@aws-sdk/client-ecs'
import type { ImageDescription } from '../../../local/aws/ecr/image.ts'
import { definitionOf, registered } from '../../../local/scenario/revision.ts'
import { deployWithCdk } from './cdk.ts'
import type { Stormy } from './stormy.ts'

/** Something that happens to one service in a storm. */
type Happening = (storm: Stormy, service: string) => Promise<void>

const IMAGES: readonly ImageDescription[] = [
  { behaviour: 'healthy' },
  { behaviour: 'healthy' },
  { behaviour: 'healthy' },
  { behaviour: 'healthy', startup: 30 },
  { behaviour: 'crashes', exitCode: 137 },
  { behaviour: 'crashes', exitCode: 1, after: 100 },
  { behaviour: 'unhealthy' },
]

/** A new image, or the tag goes back to one that was pushed before. */
const push: Happening = async (storm, service) => {
  const { ecr } = storm.stage.simulation
  const known = storm.pushed.get(service) ?? []
  if (known.length > 1 && storm.chance('again') < 0.2) {
    const digest = storm.pick('which', known)
    ecr.push({ repository: service, tag: 'main', digest })
    return storm.note(`the tag of ${service} goes back to ${digest.slice(7, 15)}`)
  }
  const image = storm.pick('image', IMAGES)
  const digest = storm.stage.push(image, service)
  storm.pushed.set(service, [...known, digest])
  storm.note(`push ${digest.slice(7, 15)} to ${service}: ${JSON.stringify(image)}`)
}

/** A person deploys another revision of the service's family. */
const chooseRevision: Happening = async (storm, service) => {
  const revisions = await revisionsOf(storm, service)
  if (revisions.length === 0) return
  const taskDefinition = storm.pick('revision', revisions)
  await storm.attempt(`a person deploys ${short(taskDefinition)} to ${service}`, () =>
    storm.ecs('UpdateService', { ...storm.named(service), taskDefinition }),
  )
}

const forceDeployment: Happening = (storm, service) =>
  storm.attempt(`a person forces a new deployment of ${service}`, () =>
    storm.ecs('UpdateService', { ...storm.named(service), forceNewDeployment: true }),
  )

/** Zero is sleep. */
const scale: Happening = (storm, service) => {
  const desiredCount = storm.pick('count', [0, 1, 2])
  return storm.attempt(`a person sets ${service} to ${desiredCount} tasks`, () =>
    storm.ecs('UpdateService', { ...storm.named(service), desiredCount }),
  )
}

const stopDeployment: Happening = async (storm, service) => {
  const { serviceDeployments: [latest] = [] } = await storm.ecs<ListServiceDeploymentsResponse>(
    'ListServiceDeployments',
    storm.named(service),
  )
  const serviceDeploymentArn = latest?.serviceDeploymentArn ?? ''
  await storm.attempt(`a person stops the deployment of ${service}`, () =>
    storm.ecs('StopServiceDeployment', { serviceDeploymentArn }),
  )
}

const TAGS: Readonly<Record<string, readonly string[]>> = {
  'caretaker:deploy': ['main', 'main', 'off', 'glob:m*', 'semver:~1.4'],
  'caretaker:bake': ['60', '5', 'soon'],
  'caretaker:deadline': ['300', '1800'],
  'caretaker:environment': ['dev', 'dev', 'other'],
}

const changeTag: Happening = (storm, service) => {
  const key = storm.pick('tag', Object.keys(TAGS))
  const value = storm.pick('value', TAGS[key] ?? [])
  return storm.attempt(`a person tags ${service} with ${key}=${value}`, () =>
    storm.ecs('TagResource', { resourceArn: storm.arn(service), tags: [{ key, value }] }),
  )
}

/** Out of Caretaker's care, and some minutes later in again. */
const optOut: Happening = (storm, service) => {
  const { world } = storm.stage.simulation
  const key = 'caretaker:repository'
  const resourceArn = storm.arn(service)
  world.after(Math.round(storm.chance('away') * 10 * 60_000), 'opts in', () => {
    storm.ecs('TagResource', { resourceArn, tags: [{ key, value: service }] })
    storm.note(`${service} opts in again`)
  })
  return storm.attempt(`${service} opts out`, () =>
    storm.ecs('UntagResource', { resourceArn, tagKeys: [key] }),
  )
}

/** Terraform, say: a revision of its own with another variable, and the service gets it. */
const otherTool: Happening = async (storm, service) => {
  const current = await definitionOf(
    (operation, input) => storm.ecs(operation, input),
    storm.named(service),
  )
  const value = String(Math.floor(storm.chance('variable') * 1000))
  const stopTimeout = storm.pick('stop', [30, 120])
  const digests = storm.pushed.get(service) ?? []
  const image = storm.pick<Partial<Record<'image', string>>>('kept', [
    {},
    {},
    ...(digests.length === 0 ? [] : [{ image: imageOf(storm, service, digests) }]),
  ])
  const containerDefinitions = (current.containerDefinitions ?? []).map((container) =>
    container.name === service
      ? { ...withImage(container, image), stopTimeout, environment: [{ name: 'TOOL', value }] }
      : container,
  )
  const what =
    image.image === undefined ? 'the same image' : (image.image.split(/[@:]/).at(-1) ?? '')
  await storm.attempt(`another tool deploys ${service} with ${what.slice(0, 12)}`, async () => {
    const { taskDefinition } = await storm.ecs<RegisterTaskDefinitionResponse>(
      'RegisterTaskDefinition',
      { ...registered(current), containerDefinitions },
    )
    const { taskDefinitionArn } = taskDefinition ?? {}
    // Some tools only register, and deploy later or never.
    if (storm.chance('only registers') < 0.2) return
    await storm.stage.minutes(storm.chance('between') * 0.5)
    await storm.ecs('UpdateService', {
      ...storm.named(service),
      taskDefinition: taskDefinitionArn,
    })
  })
}

/** With an image of its own it is no placeholder any more. */
function withImage(container: ContainerDefinition, image: { image?: string }): ContainerDefinition {
  const { dockerLabels: _, ...rest } = container
  return image.image === undefined ? container : { ...rest, ...image }
}

const imageOf = (storm: Stormy, service: string, digests: readonly string[]): string => {
  const { aws } = storm.stage.simulation
  const repository = `${aws.account}.dkr.ecr.${aws.region}.amazonaws.com/${service}`
  return storm.pick('named', [`${repository}:main`, `${repository}@${storm.pick('old', digests)}`])
}

const deregister: Happening = async (storm, service) => {
  const revisions = await revisionsOf(storm, service)
  if (revisions.length === 0) return
  const taskDefinition = storm.pick('revision', revisions)
  await storm.attempt(`a person deregisters ${short(taskDefinition)}`, () =>
    storm.ecs('DeregisterTaskDefinition', { taskDefinition }),
  )
}

/** Old tasks keep their connections for up to an hour. */
const slowDrain: Happening = async (storm, service) => {
  const { services: [found] = [] } = await storm.ecs<DescribeServicesResponse>('DescribeServices', {
    cluster: storm.named(service).cluster,
    services: [service],
  })
  const { targetGroupArn } = found?.loadBalancers?.[0] ?? {}
  if (targetGroupArn === undefined) return
  const Value = storm.pick('drain', ['5', '300', '3600'])
  await storm.attempt(`targets of ${service} drain for ${Value} s`, () =>
    storm.stage.call('elastic-load-balancing-v2', 'ModifyTargetGroupAttributes', {
      TargetGroupArn: targetGroupArn,
      Attributes: [{ Key: 'deregistration_delay.timeout_seconds', Value }],
    }),
  )
}

/** As docs/operations/roll-back.md says. */
const goBack: Happening = async (storm, service) => {
  const known = storm.pushed.get(service) ?? []
  if (known.length === 0) return
  const digest = storm.pick('back', known)
  const { aws, environment } = storm.stage.simulation
  const input = {
    service,
    digest,
    by: 'ana',
    reason: 'it was better',
    retry: storm.chance('retry') < 0.5,
  }
  await storm.attempt(`ana goes back to ${digest.slice(7, 15)} of ${service}`, () =>
    storm.stage.call('sfn', 'StartExecution', {
      stateMachineArn: aws.arn('states', `stateMachine:${environment.name}-roll-out`),
      input: JSON.stringify(input),
    }),
  )
}

/** Half of what happens are pushes. */
export const HAPPENINGS: readonly Happening[] = [
  ...Array<Happening>(10).fill(push),
  chooseRevision,
  forceDeployment,
  scale,
  scale,
  stopDeployment,
  changeTag,
  optOut,
  otherTool,
  otherTool,
  deregister,
  slowDrain,
  goBack,
  deployWithCdk,
]

const short = (taskDefinition: string): string => taskDefinition.split('/').at(-1) ?? ''

async function revisionsOf(storm: Stormy, service: string): Promise<string[]> {
  const { taskDefinitionArns = [] } = await storm.ecs<ListTaskDefinitionsResponse>(
    'ListTaskDefinitions',
    { familyPrefix: `${storm.stage.simulation.environment.name}-${service}` },
  )
  return taskDefinitionArns
}
