import type {
  DescribeServicesResponse,
  DescribeTaskDefinitionResponse,
  DescribeTasksResponse,
  ListTasksResponse,
  Service as Shape,
} from '@aws-sdk/client-ecs'
import { serviceOf } from '../../domain/arn.ts'
import { PLACEHOLDER, parseImage } from '../../domain/image.ts'
import { resourceOf } from '../../domain/sleep/arns.ts'
import { TAGS } from '../../domain/tags.ts'
import { AutoScaling } from '../aws/auto-scaling/auto-scaling.ts'
import type { Aws } from '../aws/aws.ts'
import { Ecs } from '../aws/ecs/ecs.ts'
import { ask } from './ask.ts'
import type { Retagged, Service, Subject, Trace } from './trace.ts'

/** What a task definition pins; a revision never changes. */
type Pinned = { digests: string[]; placeholder: boolean }

/** Looks at the account's ECS services: no call, no wait, nothing that the story would notice. */
export class Look {
  readonly #aws: Aws
  readonly #pinned = new Map<string, Pinned>()

  constructor(aws: Aws) {
    this.#aws = aws
  }

  /** The digests that a revision pins; none for one that is not there. */
  pinned(taskDefinition: string): Pinned {
    const known = this.#pinned.get(taskDefinition)
    if (known !== undefined) return known
    const found = ask<DescribeTaskDefinitionResponse>(
      this.#aws.find(Ecs),
      'DescribeTaskDefinition',
      {
        taskDefinition,
      },
    )?.taskDefinition
    if (found === undefined) return { digests: [], placeholder: false }
    const containers = found.containerDefinitions ?? []
    const pinned = {
      digests: containers.flatMap(({ image = '' }) => parseImage(image).digest ?? []),
      placeholder: containers.some(({ dockerLabels }) => PLACEHOLDER in (dockerLabels ?? {})),
    }
    // A family without a revision names another one tomorrow.
    if (/:\d+$/.test(taskDefinition)) this.#pinned.set(taskDefinition, pinned)
    return pinned
  }

  /** The service that a request of ECS names, or that runs the family it registers. */
  subject(input: Readonly<Record<string, unknown>>): Subject | undefined {
    const { cluster, service, family } = input
    if (typeof family === 'string') {
      return this.#arns()
        .flatMap((arn) => this.#describe(arn) ?? [])
        .map((shape) => this.#subjectOf(shape))
        .find(({ taskDefinition }) => familyOf(taskDefinition) === family)
    }
    if (typeof service !== 'string') return undefined
    const name = serviceOf(service)
    const whole = name.includes('/') ? name : `${String(cluster).split('/').at(-1)}/${name}`
    const shape = this.#describe(this.#aws.arn('ecs', `service/${whole}`))
    return shape === undefined ? undefined : this.#subjectOf(shape)
  }

  /** The service whose number of tasks a request of Application Auto Scaling is about. */
  scaled({ ResourceId }: Readonly<Record<string, unknown>>): Subject | undefined {
    const shape = this.#describe(this.#aws.arn('ecs', String(ResourceId)))
    return shape === undefined ? undefined : this.#subjectOf(shape)
  }

  /** The repository that a request of ECR names. */
  repository({ repositoryName }: Readonly<Record<string, unknown>>): Subject | undefined {
    return this.#tagged('ecr', this.#aws.arn('ecr', `repository/${repositoryName}`))
  }

  /** The database or cluster that a request of RDS names. */
  database(input: Readonly<Record<string, unknown>>): Subject | undefined {
    const { DBInstanceIdentifier: one, DBClusterIdentifier: cluster } = input
    const resource = cluster === undefined ? `db:${one}` : `cluster:${cluster}`
    return this.#tagged('rds', this.#aws.arn('rds', resource))
  }

  /** Of the instances that a request of EC2 names, the one with the fewest tags: the least asked for. */
  instance({ InstanceIds }: Readonly<Record<string, unknown>>): Subject | undefined {
    const size = ({ tags }: Subject) => Object.keys(tags).length
    return ((InstanceIds ?? []) as string[])
      .flatMap((id) => this.#tagged('ec2', this.#aws.arn('ec2', `instance/${id}`)) ?? [])
      .toSorted((a, b) => size(a) - size(b))[0]
  }

  /** The Auto Scaling group that a request names. */
  group({ AutoScalingGroupName }: Readonly<Record<string, unknown>>): Subject | undefined {
    const arn = this.#aws.find(AutoScaling)?.arnOf(String(AutoScalingGroupName))
    return arn === undefined ? undefined : this.#tagged('auto-scaling', arn)
  }

  /** The rule of a load balancer that a request names. */
  rule({ RuleArn }: Readonly<Record<string, unknown>>): Subject | undefined {
    return this.#tagged('elastic-load-balancing-v2', String(RuleArn))
  }

  /** The tags that these carry. */
  tagged(arns: readonly string[]): Retagged[] {
    const all = this.#aws.services.flatMap((service) => [...(service.tagged?.() ?? [])])
    return arns.flatMap((arn) => {
      const found = all.find((one) => one.arn === arn)
      return found === undefined ? [] : [{ arn, tags: { ...found.tags } }]
    })
  }

  /** What has tags, and no tasks. */
  #tagged(id: string, arn: string): Subject | undefined {
    const service = this.#aws.services.find((one) => one.id === id)
    const found = [...(service?.tagged?.() ?? [])].find((one) => one.arn === arn)
    const nothing = { desired: 0, taskDefinition: '', placeholder: true }
    return found && { service: arn, tags: found.tags, ...nothing }
  }

  /** The service whose tasks are the instances of a Cloud Map service, which the request names. */
  registered({ ServiceId }: Readonly<Record<string, unknown>>): Subject | undefined {
    const shape = this.#arns()
      .flatMap((arn) => this.#describe(arn) ?? [])
      .find(({ serviceRegistries = [] }) =>
        serviceRegistries.some(({ registryArn = '' }) => registryArn.endsWith(`/${ServiceId}`)),
      )
    return shape === undefined ? undefined : this.#subjectOf(shape)
  }

  /** Every service that there is, as it is now. */
  services(): Service[] {
    return this.#arns().flatMap((arn) => {
      const shape = this.#describe(arn)
      // What was deleted is described for some time.
      if (shape === undefined || shape.status === 'INACTIVE') return []
      return [{ ...this.#subjectOf(shape), arn, running: this.#running(shape) }]
    })
  }

  /** What carries a schedule and is no ECS service. */
  others(): Trace['others'] {
    const tagged = this.#aws.services
      .filter(({ id }) => id === 'rds' || id === 'ec2')
      .flatMap((service) => [...(service.tagged?.() ?? [])])
    return tagged.flatMap(({ arn, tags }) => {
      const id = TAGS.schedule in tags ? resourceOf(arn)?.id : undefined
      return id === undefined ? [] : [{ id, tags }]
    })
  }

  #arns(): string[] {
    const ecs = this.#aws.services.find(({ id }) => id === 'ecs')
    return [...(ecs?.tagged?.() ?? [])]
      .map(({ arn }) => arn)
      .filter((arn) => /:service\//.test(arn))
  }

  #describe(arn: string): Shape | undefined {
    const [cluster = ''] = serviceOf(arn).split('/')
    return ask<DescribeServicesResponse>(this.#aws.find(Ecs), 'DescribeServices', {
      cluster,
      services: [arn],
      include: ['TAGS'],
    })?.services?.[0]
  }

  #subjectOf({
    serviceArn = '',
    tags = [],
    desiredCount = 0,
    taskDefinition = '',
  }: Shape): Subject {
    return {
      service: serviceOf(serviceArn),
      tags: Object.fromEntries(tags.map(({ key = '', value = '' }) => [key, value])),
      desired: desiredCount,
      taskDefinition,
      placeholder: this.pinned(taskDefinition).placeholder,
    }
  }

  #running({ clusterArn: cluster, serviceName }: Shape): string[] {
    const asked = { cluster, serviceName, desiredStatus: 'RUNNING' }
    const { taskArns = [] } = ask<ListTasksResponse>(this.#aws.find(Ecs), 'ListTasks', asked) ?? {}
    if (taskArns.length === 0) return []
    const found = ask<DescribeTasksResponse>(this.#aws.find(Ecs), 'DescribeTasks', {
      cluster,
      tasks: taskArns,
    })
    const running = (found?.tasks ?? []).filter(({ lastStatus }) => lastStatus === 'RUNNING')
    const digests = running.flatMap(({ containers = [] }) =>
      containers.map((one) => one.imageDigest),
    )
    return [...new Set(digests.flatMap((digest) => digest ?? []))]
  }
}

/** `…:task-definition/dev-orders:3` is of the family `dev-orders`. */
const familyOf = (taskDefinition: string): string =>
  (taskDefinition.split('/').at(-1) ?? '').replace(/:\d+$/, '')
