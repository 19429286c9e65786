import type { Maker, Origin } from './origin.ts'

/** Who writes what today, in words. */
export type Owners = { taskDefinition?: string; count?: string; tags: string }

const MADE_BY: Readonly<Record<Maker, string>> = {
  caretaker: 'by a stack of Caretaker’s',
  copilot: 'by Copilot',
  cdk: 'by CDK',
  console: 'in the console of ECS',
  cloudformation: 'by CloudFormation',
  'terraform-module': 'by Terraform, with one of its modules',
  cloudposse: 'by Terraform, with cloudposse’s modules',
  terraform: 'by Terraform',
  beanstalk: 'by Elastic Beanstalk',
  kubernetes: 'by Kubernetes',
  unknown: 'by hand or unknown',
}

/** `made by Copilot: its tag …`; what is likely only says so. */
export function sayOrigin({ maker, sure, sign }: Origin): string {
  const likely = sure === 'likely' ? ', likely' : ''
  return `${maker === 'unknown' ? '' : 'made '}${MADE_BY[maker]}${likely}: ${sign}`
}

const OF_STACK: Owners = {
  taskDefinition:
    'the stack, at the next deployment that changes any property of the service; one that changes none leaves it',
  count: 'the stack, in the same case, where its template says DesiredCount',
  tags: 'the stack keeps its own; it may take ours away when it changes tags',
}
const OF_TERRAFORM: Owners = {
  taskDefinition: 'Terraform, at every apply, unless ignore_changes has task_definition',
  count: 'Terraform, at every apply, unless ignore_changes has desired_count',
  tags: 'Terraform, at every apply: it removes tags that its code lacks',
}

/** Who writes the task definition, the number of tasks and the tags of a service. */
const SERVICES: Readonly<Record<Maker, Owners>> = {
  caretaker: OF_STACK,
  copilot: {
    taskDefinition: 'Copilot, at the next `svc deploy` or run of its pipeline',
    count:
      'Copilot, then too; with `range` it deploys the number that it finds, which is 0 while the service sleeps',
    tags: 'the stack gives its own; Copilot leaves others',
  },
  cdk: OF_STACK,
  console: OF_STACK,
  cloudformation: OF_STACK,
  'terraform-module': {
    ...OF_TERRAFORM,
    count: 'Application Auto Scaling: the modules ignore desired_count, and set its bounds',
  },
  cloudposse: {
    ...OF_TERRAFORM,
    taskDefinition: 'nobody: cloudposse ignores the task definition unless told otherwise',
  },
  terraform: OF_TERRAFORM,
  beanstalk: OF_STACK,
  kubernetes: { tags: 'Kubernetes' },
  unknown: {
    taskDefinition:
      'whoever deploys it; AWS does not show whether that is ecspresso, a workflow (amazon-ecs-deploy-task-definition), Terraform or a person',
    count: 'the same; ecspresso sets desiredCount where its file has it',
    tags: 'the same; ecspresso and Terraform remove tags that their files lack',
  },
}

/** @param isService of anything else only tags and its state are somebody's. */
export const ownersOf = ({ maker }: Origin, isService: boolean): Owners =>
  isService ? SERVICES[maker] : { tags: SERVICES[maker].tags }

const list = (tags: Readonly<Record<string, string>>, line: (k: string, v: string) => string) =>
  Object.entries(tags).map(([key, value]) => line(key, value))

const terraform = (tags: Readonly<Record<string, string>>, isService: boolean): string[] => [
  'In Terraform, keep the tags where they are:',
  '  provider "aws" { ignore_tags { key_prefixes = ["caretaker:"] } }',
  'or write them: tags = {',
  ...list(tags, (key, value) => `  ${JSON.stringify(key)} = ${JSON.stringify(value)}`),
  '}',
  ...(isService ? ['and: lifecycle { ignore_changes = [task_definition, desired_count] }'] : []),
]

const stack = (tags: Readonly<Record<string, string>>): string[] => [
  'In the template of the stack, under Tags of the resource, and without DesiredCount:',
  ...list(tags, (key, value) => `  - { Key: ${key}, Value: ${JSON.stringify(value)} }`),
]

/** What to write into the code of whoever made it, so that the tags stay. */
export function cureFor(
  { maker }: Pick<Origin, 'maker'>,
  tags: Readonly<Record<string, string>>,
  isService = true,
): string[] {
  switch (maker) {
    case 'terraform':
    case 'terraform-module':
    case 'cloudposse':
      return terraform(tags, isService)
    case 'copilot':
      return [
        'Copilot: stop its pipeline for this service, or set image.location in manifest.yml. To keep the tags:',
        `  copilot svc deploy --resource-tags ${list(tags, (key, value) => `${key}=${JSON.stringify(value)}`).join(',')}`,
      ]
    case 'cdk':
    case 'caretaker':
      return [
        'In CDK, without desiredCount:',
        ...list(
          tags,
          (key, value) =>
            `  Tags.of(service).add(${JSON.stringify(key)}, ${JSON.stringify(value)})`,
        ),
      ]
    case 'cloudformation':
    case 'console':
    case 'beanstalk':
    case 'kubernetes':
      return stack(tags)
    case 'unknown':
      return [
        ...(isService
          ? [
              'With ecspresso, in ecs-service-def.json, and without desiredCount:',
              `  "tags": ${JSON.stringify(Object.entries(tags).map(([key, value]) => ({ key, value })))}`,
            ]
          : []),
        ...terraform(tags, isService),
      ]
  }
}
