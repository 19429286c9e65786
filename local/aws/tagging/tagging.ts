import type {
  FailureInfo,
  GetResourcesInput,
  GetTagKeysInput,
  GetTagValuesInput,
  ListRequiredTagsInput,
  RequiredTag,
  TagFilter,
  TagResourcesInput,
  UntagResourcesInput,
} from '@aws-sdk/client-resource-groups-tagging-api'
import type { Aws, Caller, Operations, Service } from '../aws.ts'
import { AwsError } from '../errors.ts'
import { onlyMembers, pager } from '../members.ts'
import { taggedIn } from '../namespaces.ts'
import { tagList } from '../tags.ts'
import { tagCall } from './taggers.ts'

type Tagged = { arn: string; tags: Record<string, string> }

/**
 * The Resource Groups Tagging API: reads the tags of all services, writes them through the
 * services' own operations.
 * https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/
 */
export class Tagging implements Service {
  readonly id = 'resource-groups-tagging-api'
  readonly operations: Operations
  /** What the organisation's tag policies require; empty outside of one. */
  readonly requiredTags: RequiredTag[] = []
  readonly #aws: Aws

  constructor(aws: Aws) {
    this.#aws = aws
    this.operations = {
      GetResources: (input: GetResourcesInput) => this.#getResources(input),
      GetTagKeys: ({ PaginationToken }: GetTagKeysInput) => {
        const { items, next } = pageOf(unique(this.#all().flatMap(keysOf)), PaginationToken)
        return { PaginationToken: next ?? '', TagKeys: items }
      },
      GetTagValues: ({ Key = '', PaginationToken }: GetTagValuesInput) => {
        const values = unique(this.#all().flatMap(({ tags }) => tags[Key] ?? []))
        const { items, next } = pageOf(values, PaginationToken)
        return { PaginationToken: next ?? '', TagValues: items }
      },
      ListRequiredTags: ({ NextToken, MaxResults = 50 }: ListRequiredTagsInput) => {
        const { items, next } = pageOf(this.requiredTags, NextToken, MaxResults)
        return { RequiredTags: items, ...(next === undefined ? {} : { NextToken: next }) }
      },
      TagResources: ({ ResourceARNList = [], Tags = {} }: TagResourcesInput, caller: Caller) =>
        this.#change(ResourceARNList, { tags: Tags }, caller),
      UntagResources: (
        { ResourceARNList = [], TagKeys = [] }: UntagResourcesInput,
        caller: Caller,
      ) => this.#change(ResourceARNList, { keys: TagKeys }, caller),
    }
  }

  /**
   * What carries a tag; a resource without any is never returned. Nor are groups of EC2 Auto
   * Scaling: reads "aren't supported at this time and return an empty response for this service".
   * https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/supported-services.html
   */
  #all(isWanted: (one: Tagged) => boolean = () => true, namespaces?: readonly string[]): Tagged[] {
    const found: Tagged[] = []
    const services = this.#aws.services.filter(({ id }) => id !== 'auto-scaling')
    for (const one of taggedIn(services, namespaces)) {
      if (isWanted(one) && Object.keys(one.tags).length > 0) found.push(one)
    }
    return found
  }

  #getResources(input: GetResourcesInput) {
    onlyMembers('resource-groups-tagging-api:GetResources', input, [
      'PaginationToken',
      'TagFilters',
      'ResourcesPerPage',
      'ResourceTypeFilters',
      'ResourceARNList',
    ])
    const { TagFilters = [], ResourceTypeFilters: types = [], ResourceARNList: arns } = input
    if (arns !== undefined && (TagFilters.length > 0 || types.length > 0)) {
      throw invalid('You can specify ResourceARNList or filters, not both.')
    }
    const limit = input.ResourcesPerPage ?? 50
    if (limit < 1 || limit > 100) throw invalid('ResourcesPerPage must be between 1 and 100.')
    const isWanted = typeFilter(types)
    const found = this.#all(
      ({ arn, tags }) =>
        (arns?.includes(arn) ?? true) &&
        isWanted(arn) &&
        TagFilters.every((filter) => matches(tags, filter)),
      types.length > 0 ? types.map((type) => type.split(':')[0] ?? '') : undefined,
    )
    const { items, next } = pageOf(found, input.PaginationToken, limit)
    return {
      PaginationToken: next ?? '',
      ResourceTagMappingList: items.map(({ arn, tags }) => ({
        ResourceARN: arn,
        Tags: tagList(tags),
      })),
    }
  }

  /** Each resource succeeds or fails for itself. */
  async #change(
    arns: readonly string[],
    change: Parameters<typeof tagCall>[1],
    caller: Caller,
  ): Promise<{ FailedResourcesMap: Record<string, FailureInfo> }> {
    if (arns.length < 1 || arns.length > 20) {
      throw invalid('ResourceARNList must have between 1 and 20 items.')
    }
    const FailedResourcesMap: Record<string, FailureInfo> = {}
    for (const arn of arns) {
      try {
        const { service, operation, input } = tagCall(arn, change)
        await this.#aws.call(service, operation, input, caller)
      } catch (error) {
        if (!(error instanceof AwsError)) throw error
        FailedResourcesMap[arn] = {
          StatusCode: error.statusCode,
          ErrorCode:
            error.statusCode >= 500 ? 'InternalServiceException' : 'InvalidParameterException',
          ErrorMessage: error.message,
        }
      }
    }
    return { FailedResourcesMap }
  }
}

const invalid = (message: string) => new AwsError('InvalidParameterException', message)

const pageOf = pager('PaginationTokenExpiredException', 1000)

const unique = (values: readonly string[]): string[] => [...new Set(values)].toSorted()

const keysOf = ({ tags }: Tagged): string[] => Object.keys(tags)

/** All filters must match; within one, any of its values, or any value if it has none. */
function matches(tags: Record<string, string>, { Key = '', Values = [] }: TagFilter): boolean {
  const value = tags[Key]
  return value !== undefined && (Values.length === 0 || Values.includes(value))
}

/** Which ARNs are of any of these types: `ecs` or `ecs:service`; all are when there are none. */
function typeFilter(types: readonly string[]): (arn: string) => boolean {
  const wanted = types.map((type) => type.split(':'))
  return (arn) =>
    wanted.length === 0 || wanted.some(([service = '', type]) => isOfType(arn, service, type))
}

/** Against `arn:aws:ecs:…:service/dev/orders`: third part, and the sixth up to `/` or `:`. */
function isOfType(arn: string, service: string, type: string | undefined): boolean {
  const at = arn.indexOf(':', arn.indexOf(':') + 1) + 1
  if (!arn.startsWith(`${service}:`, at)) return false
  if (type === undefined) return true
  const resource = arn.indexOf(':', arn.indexOf(':', at + service.length + 1) + 1) + 1
  if (!arn.startsWith(type, resource)) return false
  const after = arn[resource + type.length]
  return after === undefined || after === '/' || after === ':'
}
