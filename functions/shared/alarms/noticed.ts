import type { Seen } from '../../../domain/alarms/decide.ts'
import type { AlarmRecord } from '../../../domain/table/alarm-record.ts'

/** What an event, or the sweep, says of an alarm: what it is, and how its state changed. */
export type Noticed = Seen & {
  /** Its ARN, and `#` its contributor. */
  subject: string
  reason: string
  /** Its tags, where they came along. */
  tags?: Record<string, string>
  /** What its state says of the actions' being enabled. */
  actionsEnabled?: boolean
  detail: Pick<
    AlarmRecord['detail'],
    | 'arn'
    | 'name'
    | 'type'
    | 'description'
    | 'contributor'
    | 'metric'
    | 'expression'
    | 'threshold'
    | 'datapoints'
    | 'breachingSince'
    | 'children'
  >
}
