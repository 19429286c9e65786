import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch'
import {
  GetResourcesCommand,
  ResourceGroupsTaggingAPIClient,
} from '@aws-sdk/client-resource-groups-tagging-api'
import { TAGS, tagsIn } from '../../domain/tags.ts'
import type { AlarmSource } from '../../local/console/source.ts'
import type { Configuration } from '../asking/configuration.ts'

/** Both answer a hundred at once; a service has four or five alarms. */
const AT_ONCE = 100
const MOST_PAGES = 15
/** Milliseconds of whose alarms are whose: that changes with a deployment of the environment. */
const OWNERS_FRESH_MS = 600_000

/** The environment's alarms as CloudWatch tells them, read with the caller's own rights. */
export class Alarms {
  readonly #cloudwatch: CloudWatchClient
  readonly #tagging: ResourceGroupsTaggingAPIClient
  readonly #environment: string
  readonly #fresh: number
  #alarms: { at: number; all: AlarmSource[] } | undefined
  #services: { at: number; of: Map<string, string> } | undefined

  /** @param fresh milliseconds for which they are not asked again: an alarm looks once a minute itself. */
  constructor(configuration: Configuration, environment: string, fresh: number) {
    this.#fresh = fresh
    this.#cloudwatch = new CloudWatchClient(configuration)
    this.#tagging = new ResourceGroupsTaggingAPIClient(configuration)
    this.#environment = environment
  }

  /** @param now real time, in milliseconds. */
  async read(now: number): Promise<readonly AlarmSource[]> {
    if (this.#alarms === undefined || now - this.#alarms.at > this.#fresh) {
      this.#alarms = { at: now, all: await this.#all(await this.#servicesOf(now)) }
    }
    return this.#alarms.all
  }

  async #all(services: ReadonlyMap<string, string>): Promise<AlarmSource[]> {
    const all: AlarmSource[] = []
    let NextToken: string | undefined
    for (let page = 0; page < MOST_PAGES; page++) {
      const answer = await this.#cloudwatch.send(
        new DescribeAlarmsCommand({
          AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
          AlarmNamePrefix: `${this.#environment}-`,
          MaxRecords: AT_ONCE,
          ...(NextToken !== undefined && { NextToken }),
        }),
      )
      for (const one of [...(answer.MetricAlarms ?? []), ...(answer.CompositeAlarms ?? [])]) {
        all.push({
          name: one.AlarmName ?? '',
          isRed: one.StateValue === 'ALARM',
          reason: one.StateReason ?? '',
          service: services.get(one.AlarmArn ?? '') ?? '',
        })
      }
      NextToken = answer.NextToken
      if (NextToken === undefined) break
    }
    return all
  }

  /** Whose each alarm is, by its tag. */
  async #servicesOf(now: number): Promise<ReadonlyMap<string, string>> {
    if (this.#services !== undefined && now - this.#services.at < OWNERS_FRESH_MS) {
      return this.#services.of
    }
    const of = new Map<string, string>()
    let PaginationToken: string | undefined
    for (let page = 0; page < MOST_PAGES; page++) {
      const answer = await this.#tagging.send(
        new GetResourcesCommand({
          ResourceTypeFilters: ['cloudwatch:alarm'],
          TagFilters: [{ Key: TAGS.service }],
          ResourcesPerPage: AT_ONCE,
          ...(PaginationToken !== undefined && { PaginationToken }),
        }),
      )
      for (const { ResourceARN = '', Tags = [] } of answer.ResourceTagMappingList ?? []) {
        of.set(ResourceARN, tagsIn(Tags)[TAGS.service] ?? '')
      }
      PaginationToken = answer.PaginationToken || undefined
      if (PaginationToken === undefined) break
    }
    this.#services = { at: now, of }
    return of
  }
}
