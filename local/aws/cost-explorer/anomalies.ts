import type {
  AnomalyMonitor,
  AnomalySubscription,
  CreateAnomalyMonitorRequest,
  CreateAnomalySubscriptionRequest,
  GetAnomaliesRequest,
  ResourceTag,
  UpdateAnomalyMonitorRequest,
  UpdateAnomalySubscriptionRequest,
} from '@aws-sdk/client-cost-explorer'
import { DAY } from '../../../domain/local-time.ts'
import type { Aws, Operations } from '../aws.ts'
import { AwsError } from '../errors.ts'
import { onlyMembers, page } from '../members.ts'
import { type Found, figuresOf, isAbove, messageOf, type Unusual, valueSeen } from './anomaly.ts'

type Stored<One> = { one: One; tags: Record<string, string> }

/**
 * Cost Anomaly Detection: monitors, subscriptions, and what was found. What is unusual is told (by a
 * scenario), not learnt from costs; e-mail goes nowhere.
 * https://docs.aws.amazon.com/cost-management/latest/userguide/manage-ad.html
 */
export class Anomalies {
  readonly operations: Operations
  readonly #aws: Aws
  readonly #monitors = new Map<string, Stored<AnomalyMonitor>>()
  readonly #subscriptions = new Map<string, Stored<AnomalySubscription>>()
  readonly #found: Found[] = []

  constructor(aws: Aws) {
    this.#aws = aws
    this.operations = {
      CreateAnomalyMonitor: (input: CreateAnomalyMonitorRequest) => this.#watch(input),
      UpdateAnomalyMonitor: ({ MonitorArn, MonitorName }: UpdateAnomalyMonitorRequest) => {
        Object.assign(this.#monitor(MonitorArn).one, MonitorName && { MonitorName })
        return { MonitorArn }
      },
      DeleteAnomalyMonitor: ({ MonitorArn }: { MonitorArn?: string }) => {
        this.#monitor(MonitorArn)
        this.#monitors.delete(MonitorArn ?? '')
        return {}
      },
      GetAnomalyMonitors: (input: { MonitorArnList?: string[]; NextPageToken?: string }) => {
        const { MonitorArnList: asked, NextPageToken } = input
        const all = asked?.map((arn) => this.#monitor(arn)) ?? [...this.#monitors.values()]
        const { items, next } = pageOf(all, NextPageToken)
        return { AnomalyMonitors: items.map(({ one }) => one), NextPageToken: next }
      },
      CreateAnomalySubscription: (input: CreateAnomalySubscriptionRequest) =>
        this.#subscribe(input),
      UpdateAnomalySubscription: (input: UpdateAnomalySubscriptionRequest) => {
        const { SubscriptionArn, ...change } = input
        Object.assign(this.#subscription(SubscriptionArn).one, change)
        return { SubscriptionArn }
      },
      DeleteAnomalySubscription: ({ SubscriptionArn }: { SubscriptionArn?: string }) => {
        this.#subscription(SubscriptionArn)
        this.#subscriptions.delete(SubscriptionArn ?? '')
        return {}
      },
      GetAnomalySubscriptions: (input: { NextPageToken?: string }) => {
        onlyMembers('cost-explorer:GetAnomalySubscriptions', input, ['NextPageToken'])
        const { items, next } = pageOf([...this.#subscriptions.values()], input.NextPageToken)
        return { AnomalySubscriptions: items.map(({ one }) => one), NextPageToken: next }
      },
      GetAnomalies: (input: GetAnomaliesRequest) => {
        onlyMembers('cost-explorer:GetAnomalies', input, ['DateInterval', 'NextPageToken'])
        const { StartDate = '', EndDate = '9' } = input.DateInterval ?? {}
        const within = this.#found.filter(
          ({ AnomalyStartDate: from = '', AnomalyEndDate: to = '' }) =>
            to >= StartDate && from.slice(0, 10) <= EndDate,
        )
        const { items, next } = pageOf(within, input.NextPageToken)
        return { Anomalies: items, NextPageToken: next }
      },
    }
  }

  /** An account has one monitor of each managed dimension. */
  #watch({ AnomalyMonitor: asked, ResourceTags }: CreateAnomalyMonitorRequest) {
    const { MonitorType, MonitorDimension } = asked ?? {}
    const isManaged = MonitorType === 'DIMENSIONAL'
    if (asked === undefined || isManaged === (MonitorDimension === undefined)) {
      throw new AwsError('ValidationException', 'Invalid monitor: dimension and type do not match')
    }
    const same = [...this.#monitors.values()].find(
      ({ one }) => isManaged && one.MonitorDimension === MonitorDimension,
    )
    if (same !== undefined) {
      const message = 'Limit exceeded on dimensional spend monitor creation'
      throw new AwsError('ValidationException', message)
    }
    const MonitorArn = this.#arn('anomalymonitor')
    const CreationDate = this.#aws.world.date.toISOString().slice(0, 10)
    const one = { ...asked, MonitorArn, CreationDate }
    this.#monitors.set(MonitorArn, { one, tags: tagsOf(ResourceTags) })
    return { MonitorArn }
  }

  #subscribe({ AnomalySubscription: asked, ResourceTags }: CreateAnomalySubscriptionRequest) {
    const { Frequency, Subscribers = [], MonitorArnList = [] } = asked ?? {}
    if (asked === undefined) throw new AwsError('ValidationException', 'Invalid subscription')
    for (const arn of MonitorArnList) this.#monitor(arn)
    const kind = Frequency === 'IMMEDIATE' ? 'SNS' : 'EMAIL'
    if (Subscribers.length === 0 || Subscribers.some(({ Type }) => Type !== kind)) {
      throw new AwsError('ValidationException', `${Frequency} subscriptions take ${kind} only`)
    }
    const SubscriptionArn = this.#arn('anomalysubscription')
    const one = { ...asked, SubscriptionArn, AccountId: this.#aws.account }
    this.#subscriptions.set(SubscriptionArn, { one, tags: tagsOf(ResourceTags) })
    return { SubscriptionArn }
  }

  #arn(kind: string): string {
    return `arn:aws:ce::${this.#aws.account}:${kind}/${this.#id()}`
  }

  #id = (): string => this.#aws.world.random.uuid('cost-explorer/anomalies')

  #monitor = (arn: string | undefined) =>
    this.#monitors.get(arn ?? '') ?? unknown('UnknownMonitorException', `monitor ${arn}`)

  #subscription = (arn: string | undefined) =>
    this.#subscriptions.get(arn ?? '') ??
    unknown('UnknownSubscriptionException', `subscription ${arn}`)

  /**
   * AWS's models find something unusual: each monitor that sees it has an anomaly, and who has asked
   * to be told at once is told. What goes on from one day to the next is the same anomaly.
   */
  detect(unusual: Unusual): void {
    for (const { one } of this.#monitors.values()) {
      const value = valueSeen(one, unusual)
      if (value !== undefined) this.#tell(this.#anomalyOf(one, value, unusual))
    }
  }

  /** Whether any monitor would see it. */
  sees(unusual: Unusual): boolean {
    return [...this.#monitors.values()].some(({ one }) => valueSeen(one, unusual) !== undefined)
  }

  #anomalyOf({ MonitorArn = '' }: AnomalyMonitor, value: string, unusual: Unusual): Found {
    const { world } = this.#aws
    const today = `${world.date.toISOString().slice(0, 10)}T00:00:00Z`
    const isSame = (one: Found) =>
      one.MonitorArn === MonitorArn &&
      one.DimensionValue === value &&
      Date.parse(today) - Date.parse(one.AnomalyEndDate ?? '') <= DAY
    const before = this.#found.findLast(isSame)
    const found = {
      AnomalyId: before?.AnomalyId ?? this.#id(),
      AnomalyStartDate: before?.AnomalyStartDate ?? today,
      AnomalyEndDate: today,
      DimensionValue: value,
      MonitorArn,
      AnomalyScore: { MaxScore: 0.5, CurrentScore: 0.5 },
      ...figuresOf(unusual, this.#aws),
    }
    if (before === undefined) this.#found.push(found)
    else Object.assign(before, found)
    return found
  }

  #tell(anomaly: Found): void {
    for (const { one } of this.#subscriptions.values()) {
      const { Frequency, MonitorArnList = [], Subscribers = [], SubscriptionArn } = one
      if (Frequency !== 'IMMEDIATE' || !MonitorArnList.includes(anomaly.MonitorArn)) continue
      if (!isAbove(one, anomaly)) continue
      const Message = JSON.stringify(messageOf(anomaly, one))
      const caller = { kind: 'aws', name: 'costalerts', sourceArn: SubscriptionArn ?? '' } as const
      for (const { Address: TopicArn } of Subscribers) {
        this.#aws.world.after(1_000, 'Cost Anomaly Detection tells of an anomaly', () =>
          this.#aws.call('sns', 'Publish', { TopicArn, Message }, caller),
        )
      }
    }
  }

  tagged(): { arn: string; tags: Record<string, string> }[] {
    return [...this.#monitors, ...this.#subscriptions].map(([arn, { tags }]) => ({ arn, tags }))
  }
}

function unknown(name: string, what: string): never {
  throw new AwsError(name, `There is no ${what}`)
}

const tagsOf = (tags: readonly ResourceTag[] = []): Record<string, string> =>
  Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]))

const pageOf = <One>(items: readonly One[], token: string | undefined) =>
  page(items, { token, limit: 100, invalid: 'InvalidNextTokenException' })
