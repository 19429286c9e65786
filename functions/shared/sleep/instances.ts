import type { EC2Client, Instance } from '@aws-sdk/client-ec2'
import type { Seen } from '../../../domain/sleep/resource.ts'
import { isOfEnvironment, TAGS, tagsIn } from '../../../domain/tags.ts'
import { GROUP, instancesThere } from '../instances.ts'
import { lostAtStop, storesOfRunning } from './instance-store.ts'
import { commonOf, unreadOrder } from './tags.ts'

const PHASES: Readonly<Record<string, Seen['phase']>> = {
  pending: 'rising',
  running: 'up',
  stopping: 'falling',
  stopped: 'down',
}

const NAME = 'Name'

/**
 * The EC2 instances that carry a schedule, and are not terminated.
 *
 * @param named this one alone, also without a schedule.
 * @throws InvalidInstanceID.NotFound where there is none of this id.
 */
export async function seeInstances(
  ec2: EC2Client,
  environment: string,
  named?: string,
): Promise<Seen[]> {
  const filters = named === undefined ? [{ Name: 'tag-key', Values: [TAGS.schedule] }] : []
  const all = await instancesThere(ec2, filters, named)
  const found = all.filter(({ Tags }) => isOfEnvironment(tagsIn(Tags), environment))
  const stores = await storesOfRunning(ec2, found)
  return found.map((instance) => instanceOf(instance, stores))
}

/** An instance as it is now, whatever it carries. @param stores the types that have an instance store. */
export function instanceOf(instance: Instance, stores: ReadonlySet<string>): Seen {
  const { InstanceId: id = '', State, InstanceType: type } = instance
  const tags = tagsIn(instance.Tags)
  return {
    id: `instance/${id}`,
    kind: 'instance',
    name: tags[NAME] === undefined ? id : `${tags[NAME]} (${id})`,
    ...commonOf(tags),
    phase: PHASES[State?.Name ?? ''] ?? 'up',
    group: tags[GROUP],
    refuses: refusalOf(tags) ?? lostAtStop(instance, stores),
    said: failureOf(instance),
    hibernates: instance.HibernationOptions?.Configured === true,
    runs: type === undefined ? undefined : { of: 'instance', type },
  }
}

/** The reasons of a stop that somebody has asked for, or that AWS had planned. */
const ASKED_FOR = /Initiated|Scheduled|Spot/

/**
 * Why a start came to nothing.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_StateReason.html
 */
function failureOf({ State, StateReason }: Instance): string | undefined {
  const { Code = '', Message = Code } = StateReason ?? {}
  if (State?.Name !== 'stopped' || Code === '' || ASKED_FOR.test(Code)) return undefined
  return Code === 'Client.InternalError'
    ? `${Message}. Most often Caretaker's role may not use the key of an encrypted volume (kms:CreateGrant)`
    : Message
}

/** Why it is left alone, whatever it runs on. */
const refusalOf = (tags: Record<string, string>): string | undefined =>
  tags[GROUP] === undefined
    ? unreadOrder(tags)
    : `it belongs to the Auto Scaling group ${tags[GROUP]}, which would replace it: tag the group, and its instances end when it sleeps, or stop with ${TAGS.instances} = stopped`
