import type {
  CreateEventSourceMappingRequest,
  DeleteEventSourceMappingRequest,
  GetEventSourceMappingRequest,
  ListEventSourceMappingsRequest,
  UpdateEventSourceMappingRequest,
} from '@aws-sdk/client-lambda'
import { AwsError, NotImplemented } from '../../errors.ts'
import { onlyMembers } from '../../members.ts'
import type { Invoker } from '../invoker.ts'
import { lambdaPage } from '../model.ts'
import { checkAccess } from './access.ts'
import {
  compileFilters,
  describe,
  invalid,
  isStream,
  type Mapping,
  type MappingSettings,
  type Poller,
} from './mapping.ts'
import { QueuePoller } from './queue-poller.ts'
import { StreamPoller } from './stream-poller.ts'

/** Milliseconds from being asked for to reading the source. */
const STARTS_AFTER = { low: 2_000, high: 10_000 }

const SETTINGS = [
  'FunctionName',
  'Enabled',
  'BatchSize',
  'FilterCriteria',
  'ScalingConfig',
  'MaximumBatchingWindowInSeconds',
  'ParallelizationFactor',
  'DestinationConfig',
  'MaximumRecordAgeInSeconds',
  'BisectBatchOnFunctionError',
  'MaximumRetryAttempts',
  'FunctionResponseTypes',
]

/** Event source mappings: DynamoDB streams and SQS queues. */
export class EventSourceMappings {
  readonly #invoker: Invoker
  readonly #mappings = new Map<string, Mapping>()
  readonly #pollers = new Map<Mapping, Poller>()

  constructor(invoker: Invoker) {
    this.#invoker = invoker
  }

  get operations() {
    return {
      CreateEventSourceMapping: (input: CreateEventSourceMappingRequest) => this.#create(input),
      GetEventSourceMapping: ({ UUID }: GetEventSourceMappingRequest) => describe(this.find(UUID)),
      ListEventSourceMappings: (input: ListEventSourceMappingsRequest) => this.#list(input),
      UpdateEventSourceMapping: (input: UpdateEventSourceMappingRequest) => this.#update(input),
      DeleteEventSourceMapping: ({ UUID }: DeleteEventSourceMappingRequest) => {
        const mapping = this.find(UUID)
        this.#stop(mapping, 'Deleting')
        this.#mappings.delete(mapping.uuid)
        return describe(mapping)
      },
    }
  }

  get all(): readonly Mapping[] {
    return [...this.#mappings.values()]
  }

  /** By UUID or ARN. @throws AwsError ResourceNotFoundException */
  find(named: string | undefined): Mapping {
    const mapping = this.#mappings.get(named?.split(':').at(-1) ?? '')
    if (mapping !== undefined) return mapping
    throw new AwsError('ResourceNotFoundException', 'The resource you requested does not exist.', {
      statusCode: 404,
      members: { Type: 'User' },
    })
  }

  async #create(input: CreateEventSourceMappingRequest) {
    onlyMembers('lambda:CreateEventSourceMapping', input, [
      ...SETTINGS,
      'EventSourceArn',
      'StartingPosition',
      'Tags',
    ])
    const { aws } = this.#invoker.store
    const { EventSourceArn: source = '', Enabled = true } = input
    const fn = this.#invoker.store.find(input.FunctionName)
    const settings = settingsOf(source, input)
    await checkAccess(aws, fn, source)
    this.#checkUnique(fn.arn, source)
    const uuid = aws.world.random.uuid('lambda/mapping')
    const mapping: Mapping = {
      uuid,
      arn: aws.arn('lambda', `event-source-mapping:${uuid}`),
      source,
      fn,
      settings,
      state: Enabled ? 'Creating' : 'Disabled',
      modifiedAt: aws.world.date,
      lastResult: 'No records processed',
      tags: { ...input.Tags },
    }
    this.#mappings.set(uuid, mapping)
    if (Enabled) this.#start(mapping)
    return describe(mapping)
  }

  #checkUnique(functionArn: string, source: string): void {
    const same = this.all.find((one) => one.source === source && one.fn.arn === functionArn)
    if (same === undefined) return
    throw new AwsError(
      'ResourceConflictException',
      `The event source arn (" ${source} ") and function (" ${same.fn.name} ") provided mapping already exists. Please update or delete the existing mapping with UUID ${same.uuid}`,
      { statusCode: 409, members: { Type: 'User' } },
    )
  }

  #list(input: ListEventSourceMappingsRequest) {
    const fn = input.FunctionName === undefined ? undefined : this.#named(input.FunctionName)
    const found = this.all.filter(
      (one) =>
        (fn === undefined || one.fn === fn) &&
        (input.EventSourceArn === undefined || one.source === input.EventSourceArn),
    )
    const { items, next } = lambdaPage(found, input.Marker, input.MaxItems)
    return { EventSourceMappings: items.map(describe), NextMarker: next }
  }

  #named(name: string) {
    return this.#invoker.store.find(name)
  }

  #update(input: UpdateEventSourceMappingRequest) {
    onlyMembers('lambda:UpdateEventSourceMapping', input, ['UUID', ...SETTINGS])
    const mapping = this.find(input.UUID)
    const { source, settings } = mapping
    mapping.settings = settingsOf(source, { ...settings, ...given(input) })
    if (input.FunctionName !== undefined) mapping.fn = this.#named(input.FunctionName)
    mapping.modifiedAt = this.#invoker.store.aws.world.date
    if (input.Enabled === false) this.#stop(mapping, 'Disabled')
    if (input.Enabled === true && mapping.state === 'Disabled') {
      mapping.state = 'Enabling'
      this.#start(mapping)
    }
    return describe(mapping)
  }

  /** Reading begins some seconds later. */
  #start(mapping: Mapping): void {
    const { world } = this.#invoker.store.aws
    const wait = Math.round(
      world.random.between('lambda/mapping', STARTS_AFTER.low, STARTS_AFTER.high),
    )
    const { state } = mapping
    world.after(wait, `${mapping.fn.name} reads ${mapping.source}`, () => {
      if (mapping.state !== state) return
      mapping.state = 'Enabled'
      const Kind = isStream(mapping) ? StreamPoller : QueuePoller
      this.#pollers.set(mapping, new Kind(this.#invoker, mapping))
    })
  }

  #stop(mapping: Mapping, state: Mapping['state']): void {
    mapping.state = state
    this.#pollers.get(mapping)?.stop()
    this.#pollers.delete(mapping)
  }
}

/** The settings a request asks for, with the defaults of its kind of source. */
function settingsOf(source: string, input: Partial<CreateEventSourceMappingRequest>) {
  const stream = isStream({ source })
  if (!stream && source.split(':')[2] !== 'sqs') {
    throw new NotImplemented(`event source mappings of ${source}`)
  }
  if ((input.ParallelizationFactor ?? 1) !== 1) {
    throw new NotImplemented('the ParallelizationFactor of event source mappings')
  }
  const settings: MappingSettings = {
    BatchSize: input.BatchSize ?? (stream ? 100 : 10),
    MaximumBatchingWindowInSeconds: input.MaximumBatchingWindowInSeconds ?? 0,
    MaximumRecordAgeInSeconds: input.MaximumRecordAgeInSeconds ?? -1,
    MaximumRetryAttempts: input.MaximumRetryAttempts ?? -1,
    BisectBatchOnFunctionError: input.BisectBatchOnFunctionError ?? false,
    FunctionResponseTypes: input.FunctionResponseTypes ?? [],
    DestinationConfig: input.DestinationConfig,
    FilterCriteria: input.FilterCriteria,
    ScalingConfig: input.ScalingConfig,
    StartingPosition: input.StartingPosition,
  }
  check(settings, stream)
  return settings
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html */
function check(settings: MappingSettings, stream: boolean): void {
  const { BatchSize, MaximumBatchingWindowInSeconds: window, StartingPosition } = settings
  if (BatchSize < 1 || BatchSize > 10_000) throw invalid('BatchSize must be 1 to 10000.')
  if (window < 0 || window > 300) throw invalid('MaximumBatchingWindowInSeconds must be 0 to 300.')
  const { MaximumRecordAgeInSeconds: age, MaximumRetryAttempts: retries } = settings
  if (age !== -1 && (age < 60 || age > 604_800)) {
    throw invalid('MaximumRecordAgeInSeconds must be -1, or 60 to 604800.')
  }
  if (retries < -1 || retries > 10_000) {
    throw invalid('MaximumRetryAttempts must be -1 to 10000.')
  }
  if (stream && !['TRIM_HORIZON', 'LATEST'].includes(StartingPosition ?? '')) {
    throw invalid(
      `1 validation error detected: Value '${StartingPosition ?? ''}' at 'startingPosition' failed to satisfy constraint: Member must satisfy enum value set: [LATEST, TRIM_HORIZON]`,
    )
  }
  if (!stream && StartingPosition !== undefined) {
    throw invalid('StartingPosition is not valid for SQS event sources.')
  }
  if (!stream && BatchSize > 10 && window < 1) {
    throw invalid(
      'Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10',
    )
  }
  compileFilters(settings)
}

const given = <Input extends object>(input: Input): Partial<Input> =>
  Object.fromEntries(
    Object.entries(input).filter(([, value]) => value !== undefined),
  ) as Partial<Input>
