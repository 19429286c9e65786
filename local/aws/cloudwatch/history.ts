import type {
  AlarmHistoryItem,
  DescribeAlarmHistoryInput,
  HistoryItemType,
} from '@aws-sdk/client-cloudwatch'
import { onlyMembers, page } from '../members.ts'
import type { World } from '../world.ts'
import type { Alarm } from './alarm.ts'

/** CloudWatch keeps the history of alarms for 30 days. */
const KEPT_MILLISECONDS = 30 * 24 * 3_600_000

/** What happened to alarms, oldest first. */
export class AlarmHistory {
  readonly #world: World
  #items: (AlarmHistoryItem & { Timestamp: Date })[] = []

  constructor(world: World) {
    this.#world = world
  }

  note(alarm: Alarm, type: HistoryItemType, summary: string, data: object): void {
    const oldest = this.#world.now - KEPT_MILLISECONDS
    if ((this.#items[0]?.Timestamp.getTime() ?? oldest) < oldest) {
      this.#items = this.#items.filter(({ Timestamp }) => Timestamp.getTime() >= oldest)
    }
    this.#items.push({
      AlarmName: alarm.name,
      AlarmType: alarm.kind === 'metric' ? 'MetricAlarm' : 'CompositeAlarm',
      Timestamp: this.#world.date,
      HistoryItemType: type,
      HistorySummary: summary,
      HistoryData: JSON.stringify({ version: '1.0', ...data }),
    })
  }

  /** Newest first unless asked otherwise. */
  describe(input: DescribeAlarmHistoryInput) {
    onlyMembers('cloudwatch:DescribeAlarmHistory', input, [
      'AlarmName',
      'AlarmTypes',
      'HistoryItemType',
      'StartDate',
      'EndDate',
      'MaxRecords',
      'NextToken',
      'ScanBy',
    ])
    const { AlarmName, AlarmTypes = ['MetricAlarm'], HistoryItemType, StartDate, EndDate } = input
    const found = this.#items.filter(
      (item) =>
        (AlarmName ?? item.AlarmName) === item.AlarmName &&
        AlarmTypes.some((type) => type === item.AlarmType) &&
        (HistoryItemType ?? item.HistoryItemType) === item.HistoryItemType &&
        (StartDate ?? item.Timestamp) <= item.Timestamp &&
        (EndDate ?? item.Timestamp) >= item.Timestamp,
    )
    if (input.ScanBy !== 'TimestampAscending') found.reverse()
    const { items, next } = page(found, {
      token: input.NextToken,
      limit: input.MaxRecords ?? 100,
      invalid: 'InvalidNextToken',
    })
    return { AlarmHistoryItems: items, ...(next && { NextToken: next }) }
  }
}
