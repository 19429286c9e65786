import { CloudWatchClient } from '@aws-sdk/client-cloudwatch'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { ECSClient } from '@aws-sdk/client-ecs'
import { keepAlarm } from '../shared/alarms/keep.ts'
import { lambda } from '../shared/handler.ts'
import { environment, event } from './contract.ts'
import { noticeOf } from './notice.ts'

/**
 * Brings the record of an alarm's episode up to date with an event of the alarm. Whose alarm it
 * is, whether it is told, and which deployment it may come from, is found out when an episode
 * begins.
 */
export const handler = lambda({
  name: 'record-alarm',
  environment,
  event,
  async run(input, tools) {
    const { client, environment: settings, log, now } = tools
    const noticed = noticeOf(input)
    const alarm = input.detail.alarmName
    if ('nothing' in noticed) {
      log.info('decided', { alarm, done: 'nothing', because: noticed.nothing })
      return { done: 'nothing', because: noticed.nothing }
    }
    const outcome = await keepAlarm(
      {
        cloudwatch: client(CloudWatchClient),
        ecs: client(ECSClient),
        table: { client: client(DynamoDBClient), name: settings.TABLE_NAME },
        catalog: tools.catalog(),
        log,
        now,
      },
      noticed,
    )
    log.info('decided', { alarm, state: noticed.change.value, ...outcome })
    return outcome
  },
})
