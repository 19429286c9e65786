import type { Aws } from '../../aws.ts'
import { Ecs } from '../../ecs/ecs.ts'
import { Sfn } from '../../stepfunctions/service.ts'
import { arns, type Input, type Namer, text, texts } from './naming.ts'

const last = (named: string): string => named.split('/').at(-1) ?? ''

const clusterOf = (input: Input): string => last(text(input, 'cluster') ?? 'default')

/** `arn:aws:ecs:…:cluster/dev`, the value of `ecs:cluster`. */
export const clusterArn = (input: Input, aws: Aws): string =>
  aws.arn('ecs', `cluster/${clusterOf(input)}`)

/** Deployments and revisions are named by ARNs, and both are of a service. */
const OF_A_SERVICE = ['serviceDeploymentArn', 'serviceDeploymentArns', 'serviceRevisionArns']

/** `…:service-revision/dev/orders/1` -> `…:service/dev/orders` */
const serviceOf = (arn: string): string =>
  arn.replace(/:service-(?:deployment|revision)\/([^/]+\/[^/]+)\/.*$/, ':service/$1')

export const ecs: Namer = (input, aws, operation) => {
  const cluster = clusterOf(input)
  const below = (kind: string, ...members: string[]) =>
    arns(texts(input, ...members), (name) => aws.arn('ecs', `${kind}/${cluster}/${name}`))
  const named = texts(input, 'cluster', 'clusterName', 'clusters')
  return {
    cluster: arns(named.length > 0 ? named : ['default'], (name) =>
      aws.arn('ecs', `cluster/${name}`),
    ),
    service: [
      ...below('service', 'service', 'serviceName', 'services'),
      ...texts(input, ...OF_A_SERVICE).map(serviceOf),
    ],
    task: below('task', 'task', 'tasks'),
    'task-definition': taskDefinitions(input, aws, operation),
    'service-deployment': texts(input, 'serviceDeploymentArn', 'serviceDeploymentArns'),
    'service-revision': texts(input, 'serviceRevisionArns'),
    any: texts(input, 'resourceArn'),
  }
}

/** A revision that is being made has no number yet: IAM is asked about `family:*`. */
function taskDefinitions(input: Input, aws: Aws, operation: string): string[] {
  if (operation === 'RegisterTaskDefinition') {
    return texts(input, 'family').map((family) => aws.arn('ecs', `task-definition/${family}:*`))
  }
  return texts(input, 'taskDefinition', 'taskDefinitions').map(
    (named) =>
      aws.find(Ecs)?.definition(named)?.taskDefinitionArn ??
      aws.arn('ecs', `task-definition/${named}`),
  )
}

/** `vpc-…` and the like say by their beginning what they are. */
const EC2_KINDS: Readonly<Record<string, string>> = {
  ami: 'image',
  i: 'instance',
  lt: 'launch-template',
  rtb: 'route-table',
  sg: 'security-group',
  snap: 'snapshot',
  subnet: 'subnet',
  vol: 'volume',
  vpc: 'vpc',
  vpce: 'vpc-endpoint',
}

/** What `RunInstances` makes has no id yet: IAM is asked about `*`. */
export const ec2: Namer = (input, aws) => {
  const of = (id: string) => aws.arn('ec2', `${EC2_KINDS[id.split('-')[0] ?? ''] ?? '*'}/${id}`)
  return {
    instance: texts(input, 'InstanceId', 'InstanceIds').map(of),
    'route-table': texts(input, 'RouteTableId').map(of),
    snapshot: texts(input, 'SnapshotId').map(of),
    volume: texts(input, 'VolumeId').map(of),
    any: texts(input, 'Resources').map(of),
  }
}

export const ecr: Namer = (input, aws) => {
  const named = texts(input, 'repositoryName', 'repositoryNames')
  return {
    // Without a name the call is about all of them: `repository/*`.
    repository: [
      ...texts(input, 'resourceArn'),
      ...(named.length > 0 || text(input, 'resourceArn') ? named : ['*']).map((name) =>
        aws.arn('ecr', `repository/${name}`),
      ),
    ],
  }
}

export const lambda: Namer = (input, aws) => {
  const qualifier = text(input, 'Qualifier')
  return {
    function: texts(input, 'FunctionName').map((named) => {
      const arn = functionArn(named, aws)
      return qualifier === undefined || arn.split(':').length > 7 ? arn : `${arn}:${qualifier}`
    }),
    eventSourceMapping: texts(input, 'UUID').map((id) =>
      aws.arn('lambda', `event-source-mapping:${id}`),
    ),
    any: texts(input, 'Resource'),
  }
}

/** `orders`, `123456789012:function:orders` or the ARN. */
function functionArn(named: string, aws: Aws): string {
  if (named.startsWith('arn:')) return named
  return aws.arn('lambda', `function:${named.split(':function:').at(-1)}`)
}

export const states: Namer = (input, aws) => ({
  statemachine: [
    ...texts(input, 'stateMachineArn'),
    ...texts(input, 'name')
      .filter(() => input.stateMachineArn === undefined)
      .map((name) => aws.arn('states', `stateMachine:${name}`)),
    ...texts(input, 'taskToken').flatMap((token) => aws.find(Sfn)?.machineWaitingFor(token) ?? []),
  ],
  execution: texts(input, 'executionArn'),
  any: texts(input, 'resourceArn'),
})
