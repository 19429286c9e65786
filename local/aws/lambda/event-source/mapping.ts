import type {
  CreateEventSourceMappingRequest,
  EventSourceMappingConfiguration,
} from '@aws-sdk/client-lambda'
import { AwsError } from '../../errors.ts'
import { compilePattern } from '../../eventbridge/pattern.ts'
import type { Tags } from '../../tags.ts'
import type { LambdaFunction } from '../model.ts'

/** What Create and UpdateEventSourceMapping set, with AWS's defaults filled in. */
export type MappingSettings = Pick<
  CreateEventSourceMappingRequest,
  | 'DestinationConfig'
  | 'FilterCriteria'
  | 'FunctionResponseTypes'
  | 'ScalingConfig'
  | 'StartingPosition'
> & {
  BatchSize: number
  MaximumBatchingWindowInSeconds: number
  /** -1: as long as the stream keeps it. */
  MaximumRecordAgeInSeconds: number
  /** -1: without limit. */
  MaximumRetryAttempts: number
  BisectBatchOnFunctionError: boolean
}

/** A source of events and the function that is called with them, in batches. */
export type Mapping = {
  uuid: string
  arn: string
  source: string
  fn: LambdaFunction
  settings: MappingSettings
  state: 'Creating' | 'Enabling' | 'Enabled' | 'Disabled' | 'Deleting'
  modifiedAt: Date
  lastResult: string
  /** The shard that is read, and how far it has been dealt with. */
  shard?: string
  checkpoint?: string
  tags: Tags
}

/** Reads a source and calls the function until it is stopped. */
export type Poller = { stop(): void }

export const isStream = ({ source }: Pick<Mapping, 'source'>): boolean =>
  source.split(':')[2] === 'dynamodb'

/** A mapping as every operation shows it; queues have no retries of their own to show. */
export function describe(mapping: Mapping): EventSourceMappingConfiguration {
  const { settings } = mapping
  const common = {
    UUID: mapping.uuid,
    EventSourceMappingArn: mapping.arn,
    EventSourceArn: mapping.source,
    FunctionArn: mapping.fn.arn,
    State: mapping.state,
    StateTransitionReason: 'User action',
    LastModified: mapping.modifiedAt,
    BatchSize: settings.BatchSize,
    MaximumBatchingWindowInSeconds: settings.MaximumBatchingWindowInSeconds,
    FunctionResponseTypes: settings.FunctionResponseTypes ?? [],
    ...(settings.FilterCriteria === undefined ? {} : { FilterCriteria: settings.FilterCriteria }),
    ...(settings.ScalingConfig === undefined ? {} : { ScalingConfig: settings.ScalingConfig }),
  }
  if (!isStream(mapping)) return common
  return {
    ...common,
    LastProcessingResult: mapping.lastResult,
    StartingPosition: settings.StartingPosition,
    ParallelizationFactor: 1,
    TumblingWindowInSeconds: 0,
    MaximumRecordAgeInSeconds: settings.MaximumRecordAgeInSeconds,
    MaximumRetryAttempts: settings.MaximumRetryAttempts,
    BisectBatchOnFunctionError: settings.BisectBatchOnFunctionError,
    DestinationConfig: settings.DestinationConfig ?? { OnFailure: {} },
  }
}

/**
 * Whether a record goes to the function: it matches any of the patterns, or there are none.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
 *
 * @throws AwsError InvalidParameterValueException for a pattern that is not one.
 */
export function compileFilters({ FilterCriteria }: MappingSettings): (record: object) => boolean {
  const filters = FilterCriteria?.Filters ?? []
  if (filters.length === 0) return () => true
  const patterns = filters.map(({ Pattern = '' }) => compile(Pattern))
  return (record) => patterns.some((matches) => matches(record))
}

function compile(pattern: string): (record: unknown) => boolean {
  try {
    return compilePattern(pattern)
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    throw invalid(`Invalid filter pattern definition. ${error.message}`)
  }
}

/**
 * What a function with `ReportBatchItemFailures` says it could not do.
 *
 * @param payload the function's answer, JSON.
 * @returns the identifiers; undefined for an answer that makes the whole batch a failure.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
 */
export function reportedFailures(
  { FunctionResponseTypes = [] }: MappingSettings,
  payload: string,
): string[] | undefined {
  if (!FunctionResponseTypes.includes('ReportBatchItemFailures')) return []
  const answer = JSON.parse(payload) as { batchItemFailures?: unknown } | null
  const failures = answer?.batchItemFailures ?? []
  if (!Array.isArray(failures)) return undefined
  const identifiers = failures.map((one) => (one as { itemIdentifier?: unknown }).itemIdentifier)
  const valid = identifiers.filter((one) => typeof one === 'string' && one !== '')
  return valid.length === identifiers.length ? (valid as string[]) : undefined
}

export const invalid = (message: string) =>
  new AwsError('InvalidParameterValueException', message, { members: { Type: 'User' } })
