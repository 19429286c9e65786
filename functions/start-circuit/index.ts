import { ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api'
import { SFNClient } from '@aws-sdk/client-sfn'
import { TAGS } from '../../domain/tags.ts'
import { lambda } from '../shared/handler.ts'
import { listManaged, theOne } from '../shared/listed.ts'
import { startFor } from '../shared/start.ts'
import { environment, event } from './contract.ts'

/**
 * Starts the machine that keeps the circuit of the service whose alarm turned red.
 *
 * @throws UnknownService when the alarm's tag names a service that Caretaker does not look after.
 */
export const handler = lambda({
  name: 'start-circuit',
  environment,
  event,
  async run({ id, resources: [alarm], detail }, tools) {
    const { environment: own, features } = tools.catalog()
    if (features.health === 'off') return { started: [] }
    const services = await listManaged(tools.client(ResourceGroupsTaggingAPIClient), own)
    const { arn } = theOne(services, String(detail.alarmTags[TAGS.service]))
    const input = { service: arn, alarms: [alarm] }
    await startFor(tools.client(SFNClient), tools.environment.HEALTH_MACHINE, input, id)
    return { started: [arn] }
  },
})
