import {
  type CloudWatchClient,
  type CompositeAlarm,
  DescribeAlarmsCommand,
  type LogAlarm,
  type MetricAlarm,
} from '@aws-sdk/client-cloudwatch'

export type RedAlarms = { metric: MetricAlarm[]; composite: CompositeAlarm[]; log: LogAlarm[] }

/** Every alarm of the account and Region that is in ALARM now: a hundred to a call. */
export async function redAlarms(cloudwatch: CloudWatchClient): Promise<RedAlarms> {
  const red: RedAlarms = { metric: [], composite: [], log: [] }
  let token: string | undefined
  do {
    const page = await cloudwatch.send(
      new DescribeAlarmsCommand({
        StateValue: 'ALARM',
        AlarmTypes: ['MetricAlarm', 'CompositeAlarm', 'LogAlarm'],
        MaxRecords: 100,
        ...(token === undefined ? {} : { NextToken: token }),
      }),
    )
    red.metric.push(...(page.MetricAlarms ?? []))
    red.composite.push(...(page.CompositeAlarms ?? []))
    red.log.push(...(page.LogAlarms ?? []))
    token = page.NextToken
  } while (token !== undefined)
  return red
}

/** Whether a composite alarm's rule asks for this alarm, by its name or by its ARN. */
export function asksFor({ AlarmRule = '' }: CompositeAlarm, name: string, arn: string): boolean {
  const asked = [...AlarmRule.matchAll(/\(\s*"?([^"()]+?)"?\s*\)/g)].map(([, one]) => one)
  return asked.includes(name) || asked.includes(arn)
}
