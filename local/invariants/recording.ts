import { unmarshall } from '@aws-sdk/util-dynamodb'
import { parseImage } from '../../domain/image.ts'
import { isKeptName } from '../../domain/kept-name.ts'
import { SLEEP, sleeperId, sleeperKey } from '../../domain/table/keys.ts'
import { readItem } from '../../domain/table/read.ts'
import type { AwsEvent, CallRecord, Guard } from '../aws/aws.ts'
import { CloudMap } from '../aws/cloud-map/cloud-map.ts'
import type { Table } from '../aws/dynamodb/table.ts'
import type { Item } from '../aws/dynamodb/value.ts'
import type { Simulation } from '../simulation/simulation.ts'
import { type Lack, watchAnswers } from './answers.ts'
import { isChange } from './changes.ts'
import { Look } from './look.ts'
import {
  eventsOf,
  executionsOf,
  invocationOf,
  itemsOf,
  messagesOf,
  type TaskDetail,
  taskOf,
} from './read.ts'
import { requestOf } from './requests.ts'
import type { Call, Findable, Invocation, Naming, Request, Task, Trace } from './trace.ts'

/** A call as it is made; its outcome is in the log's row when it has ended. */
type Made = Omit<Call, 'outcome' | 'at' | keyof Lack> & Lack & { record: CallRecord }

/**
 * Writes down what predicates need to see of a simulation, from now on. It only looks and keeps
 * references: what happens in the simulation is the same with it and without.
 */
export class Recording {
  readonly #simulation: Simulation
  readonly #look: Look
  readonly #table: Table
  readonly #from: number
  readonly #firstEvent: number
  readonly #calls: Made[] = []
  readonly #deadLetters: string[] = []
  readonly #states: { at: number; item: Item }[] = []
  readonly #sleepers: { at: number; item: Item }[] = []
  readonly #invocations: Invocation[] = []
  readonly #namings: Naming[] = []
  readonly #tasks: Task[] = []
  readonly #findable: Findable[] = []
  readonly #requests: Request[] = []
  readonly #slackCalls: { at: number; taken: boolean }[] = []

  constructor(simulation: Simulation) {
    const { aws, dynamodb, eventbridge, lambda, world } = simulation
    this.#simulation = simulation
    this.#look = new Look(aws)
    this.#from = world.now
    this.#firstEvent = eventbridge.journal.length
    const name = `${simulation.environment.name}-caretaker`
    const table = dynamodb.tables.find((one) => one.name === name)
    if (table === undefined) throw new Error(`there is no table ${name}`)
    this.#table = table
    aws.guards.unshift((call) => this.#call(call))
    aws.onEvent((event) => this.#happened(event))
    lambda.onInvoked((invoked, said) => {
      this.#invocations.push(invocationOf(invoked, said))
      const { app } = simulation.slack
      const secrets = [app.signingSecret, app.previousSigningSecret]
      const { environment } = simulation
      const known = { environment, account: aws.account, secrets }
      const request = requestOf(invoked, said.payload, known)
      if (request !== undefined) this.#requests.push(request)
    })
    this.#watchStates()
    this.#watchDiscovery()
    this.#watchSlack()
    watchAnswers(aws, (operation, lack) => {
      const made = this.#calls.at(-1)
      if (made?.operation === operation) Object.assign(made, lack)
    })
  }

  /**
   * What has happened until now.
   *
   * @param how whether faults have healed and everything had time to end, and since when (in
   *   milliseconds) nobody has changed anything.
   */
  trace(how: { settled?: boolean; quietSince?: number } = {}): Trace {
    const { aws, environment, eventbridge, sfn, slack, world } = this.#simulation
    const { settled = false, quietSince } = how
    return {
      environment: environment.name,
      table: this.#table.name,
      from: this.#from,
      to: world.now,
      settled,
      ...(quietSince === undefined ? {} : { quietSince }),
      calls: this.#calls.map(({ record, ...call }) => ({
        ...call,
        at: Date.parse(record.at),
        outcome: record.outcome,
        ...(record.unanswered && { unanswered: true }),
      })),
      events: eventsOf(eventbridge.journal.slice(this.#firstEvent), aws),
      deadLetters: this.#deadLetters,
      executions: executionsOf(sfn.executions),
      items: itemsOf(this.#table),
      states: this.#states.map(({ at, item }) => {
        const { pk, ...state } = unmarshall(item)
        const service = String(pk).replace(/^service#/, '')
        return { at, service, state: readItem('service', state) }
      }),
      sleepers: this.#sleepers.map(({ at, item }) => {
        const { sk, ...kept } = unmarshall(item)
        return { at, id: sleeperId(String(sk)), sleeper: readItem('sleeper', kept) }
      }),
      messages: messagesOf(slack.messages),
      invocations: this.#invocations,
      namings: this.#namings,
      tasks: this.#tasks,
      services: this.#look.services(),
      others: this.#look.others(),
      findable: this.#findable,
      requests: this.#requests,
      slackCalls: this.#slackCalls,
      outages: this.#simulation.faults.outages,
      teams: environment.teams,
      ...{ owner: environment.owner, timeZone: environment.timeZone },
      schedules: environment.schedules,
      calendars: environment.calendars,
      dependsOn: Object.fromEntries(
        this.#simulation.catalog.services.map(({ name, dependsOn }) => [name, dependsOn]),
      ),
      sleep: environment.features.sleep,
      tags: { level: environment.features.tags, watch: environment.tags.watch },
    }
  }

  #call({ service, operation, input, caller }: Parameters<Guard>[0]): void {
    const { kind, name, run = '', roleArn: role } = caller
    if (kind === 'aws' && service === 'sqs' && operation === 'SendMessage') {
      this.#deadLetters.push(String(input.MessageBody))
    }
    if (kind === 'aws') return
    // CloudFormation's are not in the log; what it asks for, AWS does, or the deployment fails.
    const record =
      kind === 'cloudformation'
        ? this.#byCloudFormation(service, operation)
        : this.#simulation.aws.calls.at(-1)
    if (record === undefined) return
    const about = isChange({ service, operation }) ? this.#about(service, input) : undefined
    this.#calls.push({
      ...{ by: kind, name, run, service, operation, resource: record.resource, input, record },
      ...(about === undefined ? {} : { about }),
      ...(role === undefined ? {} : { role }),
      ...this.#retagged(service, input),
      ...{ partial: false, empty: false },
      digests: this.#digestsIn(input),
    })
  }

  #retagged(service: string, { ResourceARNList: arns }: Record<string, unknown>) {
    if (service !== 'resource-groups-tagging-api' || !Array.isArray(arns)) return {}
    return { retagged: this.#look.tagged(arns.map(String)) }
  }

  #about(service: string, input: Record<string, unknown>) {
    if (service === 'ecs') return this.#look.subject(input)
    if (service === 'application-auto-scaling') return this.#look.scaled(input)
    if (service === 'rds') return this.#look.database(input)
    if (service === 'auto-scaling') return this.#look.group(input)
    if (service === 'ec2') return this.#look.instance(input)
    if (service === 'servicediscovery') return this.#look.registered(input)
    if (service === 'elastic-load-balancing-v2') return this.#look.rule(input)
    return service === 'ecr' ? this.#look.repository(input) : undefined
  }

  #byCloudFormation(service: string, operation: string): CallRecord {
    const at = this.#simulation.world.date.toISOString()
    return { at, by: 'cloudformation', service, operation, resource: '', outcome: 'ok' }
  }

  #digestsIn({ taskDefinition, containerDefinitions }: Record<string, unknown>): string[] {
    if (typeof taskDefinition === 'string') return this.#look.pinned(taskDefinition).digests
    const containers = (containerDefinitions ?? []) as { image?: string }[]
    return containers.flatMap(({ image = '' }) => parseImage(image).digest ?? [])
  }

  #happened({ source, detailType, detail }: AwsEvent): void {
    const at = this.#simulation.world.now
    if (detailType === 'ECR Image Action') {
      const { 'repository-name': repository, 'image-tag': tag } = detail
      if (
        typeof repository === 'string' &&
        typeof tag === 'string' &&
        tag !== '' &&
        !isKeptName(tag)
      )
        this.#named(at, repository, tag)
    }
    if (source === 'aws.ecs' && detailType === 'ECS Task State Change') {
      const task = taskOf(at, detail as TaskDetail, this.#look)
      if (task !== undefined) this.#tasks.push(task)
    }
  }

  /** An event may be of a push long ago: the registry says what the tag names now. */
  #named(at: number, repository: string, tag: string): void {
    const digest = this.#simulation.ecr.runnable(repository, { imageTag: tag })?.digest
    const last = this.#namings.findLast((one) => one.repository === repository && one.tag === tag)
    if (last?.digest === digest) return
    this.#namings.push({ at, repository, tag, ...(digest === undefined ? {} : { digest }) })
  }

  /** Each change of a service's state, as the table's stream has it. */
  #watchStates(): void {
    const { stream } = this.#table
    let last = stream?.newest ?? 0
    stream?.onRecord(() => {
      const after = stream.after(last, 100)
      last = after.last
      for (const { dynamodb } of after.records) {
        const item = dynamodb?.NewImage as Item | undefined
        if (item === undefined) continue
        const { pk, sk } = item
        const at = this.#simulation.world.now
        if (sk?.S === 'state' && pk?.S?.startsWith('service#')) this.#states.push({ at, item })
        if (pk?.S === SLEEP && sk?.S?.startsWith(sleeperKey('').sk))
          this.#sleepers.push({ at, item })
      }
    })
  }

  #watchSlack(): void {
    const { slack, world } = this.#simulation
    const handle = slack.handle.bind(slack)
    slack.handle = (request) => {
      const answer = handle(request)
      const made = (taken: boolean) => void this.#slackCalls.push({ at: world.now, taken })
      answer.then(
        ({ status }) => made(status < 400),
        () => made(false),
      )
      return answer
    }
  }

  #watchDiscovery(): void {
    const { aws, world } = this.#simulation
    aws.find(CloudMap)?.onChange(({ id: service, instances: all }) => {
      const instances = [...all.values()].map(({ id, health }) => ({
        id,
        found: health !== 'UNHEALTHY',
      }))
      this.#findable.push({ at: world.now, service, instances })
    })
  }
}
