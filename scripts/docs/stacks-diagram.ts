import type { Stack } from '../assembly.ts'

/** Which concern a resource belongs to, by its type's service; the first that fits. */
const CONCERNS: readonly (readonly [concern: string, types: RegExp])[] = [
  ['network', /^AWS::EC2::(?!Instance|SecurityGroup|LaunchTemplate)/],
  ['who may call whom', /^AWS::EC2::SecurityGroup/],
  ['entrances', /^AWS::(ElasticLoadBalancingV2|Route53|CertificateManager)::/],
  ['clusters', /^AWS::(ECS::(Cluster|Capacity)|EKS)/],
  ['bastion', /^AWS::(EC2::Instance|EC2::LaunchTemplate)/],
  ['data', /^AWS::(RDS|ElastiCache|EFS|S3|DynamoDB)::/],
  ['tasks', /^AWS::(ECS|ApplicationAutoScaling)::/],
  ['discovery', /^AWS::ServiceDiscovery::/],
  ['images and pipelines', /^AWS::(ECR|CodeBuild|CodePipeline|CodeStar|CodeConnections)/],
  ['workflows', /^AWS::(StepFunctions|Lambda)::/],
  ['events', /^AWS::(Events|Scheduler|SQS|SNS|Pipes)::/],
  ['secrets', /^AWS::(SecretsManager|KMS|SSM)::/],
  ['observability', /^AWS::(CloudWatch|Logs|XRay|APS|Grafana|Synthetics)::/],
  ['roles', /^AWS::IAM::/],
  ['money', /^AWS::(Budgets|CE)::/],
  ['other', /^/],
]

/** A box of the diagram: a stack, or all stacks of services, which are alike. */
type Box = { id: string; title: string; stacks: Stack[] }

/**
 * Mermaid: the stacks, what is in them by concern, and which need which. A service's stack has
 * what its file asks for; the box of services shows everything any of them has.
 */
export function stacksDiagram(stacks: readonly Stack[]): string {
  const boxes = boxesOf(stacks)
  return ['flowchart TB', ...boxes.flatMap(subgraph), ...needs(boxes)].join('\n')
}

function boxesOf(stacks: readonly Stack[]): Box[] {
  const isService = ({ name }: Stack) => name.includes('Service-')
  const services = stacks.filter(isService)
  const others = stacks.filter((stack) => !isService(stack))
  const [first] = services
  const title = `${first?.name.split('-')[0]}-… (${services.length}, one per file)`
  return [
    ...others.map((stack) => ({ id: stack.name, title: stack.name, stacks: [stack] })),
    ...(first === undefined ? [] : [{ id: 'services', title, stacks: services }]),
  ]
}

function subgraph({ id, title, stacks }: Box): string[] {
  const types = stacks.flatMap(({ template }) =>
    Object.values(template.Resources).map(({ Type }) => Type),
  )
  const nodes = [...Map.groupBy(types, concernOf)]
    .toSorted(([a], [b]) => order(a) - order(b))
    .map(([concern, inIt]) => `    ${id}_${slug(concern)}["<b>${concern}</b><br/>${listed(inIt)}"]`)
  return [`  subgraph ${id}["${title}"]`, ...nodes, '  end']
}

const concernOf = (type: string): string =>
  CONCERNS.find(([, types]) => types.test(type))?.[0] ?? ''

const order = (concern: string): number => CONCERNS.findIndex(([name]) => name === concern)
const slug = (text: string): string => text.replaceAll(' ', '_')

/** `VPC, 6 Subnet`; resources that only connect two others are left out. */
function listed(types: readonly string[]): string {
  const worth = types.filter(
    (type) => !/(Association|Attachment|Policy|Permission|Route)s?$/.test(type),
  )
  const counted = [...Map.groupBy(worth.length > 0 ? worth : types, (type) => type)].map(
    ([type, same]) => {
      const name = type.split('::').at(-1)
      return same.length === 1 ? `${name}` : `${same.length} ${name}`
    },
  )
  return counted.join('<br/>')
}

/** A stack needs another whose exports it imports. */
function needs(boxes: readonly Box[]): string[] {
  return boxes.flatMap((box) => {
    const text = JSON.stringify(box.stacks.map(({ template }) => template))
    return boxes
      .filter((other) => other !== box)
      .filter((other) =>
        other.stacks.some(({ name }) => text.includes(`"Fn::ImportValue":"${name}:`)),
      )
      .map((other) => `  ${box.id} -->|needs| ${other.id}`)
  })
}
