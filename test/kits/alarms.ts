import type { PutMetricAlarmInput, StateValue } from '@aws-sdk/client-cloudwatch'
import { CloudWatch } from '../../local/aws/cloudwatch/cloudwatch.ts'
import { Sns } from '../../local/aws/sns/sns.ts'
import { Account, MINUTE } from './account.ts'

/** What an event of an alarm says of a state. */
export type Told = Record<string, string> & { value: StateValue }

type Change = Record<string, unknown> & {
  alarmName: string
  detailType: string
  state: Told
  previousState?: Told
}

/** An account with alarms, and a topic that notes what alarms do. */
export class Alarms extends Account {
  readonly cloudwatch = new CloudWatch(this.aws)
  readonly sns = new Sns(this.aws)
  readonly topic = this.aws.arn('sns', 'alarms')

  constructor() {
    super()
    this.aws.register(this.cloudwatch)
    this.aws.register(this.sns)
  }

  static async open(): Promise<Alarms> {
    const account = new Alarms()
    await account.call('sns', 'CreateTopic', { Name: 'alarms' })
    return account
  }

  ask<Output = Record<string, unknown>>(operation: string, input: object): Promise<Output> {
    return this.call<Output>('cloudwatch', operation, input)
  }

  /** An alarm on the errors of a service of this name, with the topic as its action. */
  async alarm(name: string, more: Partial<PutMetricAlarmInput> = {}): Promise<void> {
    await this.ask('PutMetricAlarm', {
      AlarmName: name,
      Namespace: 'Shop',
      MetricName: 'Errors',
      Dimensions: [{ Name: 'Service', Value: name }],
      Statistic: 'Sum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 5,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
      AlarmActions: [this.topic],
      OKActions: [this.topic],
      ...more,
    })
  }

  /** A composite alarm with the topic as its action. */
  async composite(AlarmName: string, AlarmRule: string, more: object = {}): Promise<void> {
    const actions = { AlarmActions: [this.topic], OKActions: [this.topic] }
    await this.ask('PutCompositeAlarm', { AlarmName, AlarmRule, ...actions, ...more })
  }

  /** Measures errors of a service, and lets a minute pass. */
  async errors(service: string, Value: number): Promise<void> {
    const Dimensions = [{ Name: 'Service', Value: service }]
    const MetricData = [{ MetricName: 'Errors', Dimensions, Value }]
    await this.ask('PutMetricData', { Namespace: 'Shop', MetricData })
    await this.run(MINUTE)
  }

  async set(AlarmName: string, StateValue: StateValue): Promise<void> {
    await this.ask('SetAlarmState', { AlarmName, StateValue, StateReason: 'by hand' })
    await this.run(1_000)
  }

  /** The events of an alarm's changes of state, oldest first. */
  changes(name: string): Change[] {
    return this.events
      .filter(({ detailType }) => detailType.endsWith('State Change'))
      .map(({ detail, detailType }) => ({ ...detail, detailType }) as unknown as Change)
      .filter(({ alarmName }) => alarmName === name)
  }

  /** `ALARM by WaitPeriod, ALARM`: the states of those events. */
  states(name: string): string {
    return this.changes(name)
      .map(({ state: { value, actionsSuppressedBy: by } }) => (by ? `${value} by ${by}` : value))
      .join(', ')
  }

  /** The subjects of what the topic was sent, oldest first. */
  get acts(): string[] {
    return this.sns.journal.map(({ notification }) =>
      String(notification.subject).replace(/ in .*$/, ''),
    )
  }
}
