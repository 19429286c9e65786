import { DescribeInstancesCommand, type EC2Client, type Instance } from '@aws-sdk/client-ec2'
import type { Seen } from '../../../domain/sleep/resource.ts'
import { isOfEnvironment, TAGS, tagsIn } from '../../../domain/tags.ts'
import { commonOf } from './tags.ts'

const PHASES: Readonly<Record<string, Seen['phase']>> = {
  pending: 'rising',
  running: 'up',
  stopping: 'falling',
  stopped: 'down',
}

/** Set by EC2 Auto Scaling on what it has launched. */
const GROUP = 'aws:autoscaling:groupName'
const NAME = 'Name'

/** The EC2 instances that carry a schedule, and are not terminated. */
export async function seeInstances(ec2: EC2Client, environment: string): Promise<Seen[]> {
  const seen: Seen[] = []
  let NextToken: string | undefined
  do {
    const page = await ec2.send(
      new DescribeInstancesCommand({
        Filters: [
          { Name: 'tag-key', Values: [TAGS.schedule] },
          { Name: 'instance-state-name', Values: Object.keys(PHASES) },
        ],
        MaxResults: 1000,
        NextToken,
      }),
    )
    for (const instance of (page.Reservations ?? []).flatMap(({ Instances = [] }) => Instances)) {
      const tags = tagsIn(instance.Tags)
      if (isOfEnvironment(tags, environment)) seen.push(instanceOf(instance, tags))
    }
    NextToken = page.NextToken
  } while (NextToken !== undefined)
  return seen
}

function instanceOf(instance: Instance, tags: Record<string, string>): Seen {
  const { InstanceId: id = '', State, InstanceType: type } = instance
  return {
    id: `instance/${id}`,
    kind: 'instance',
    name: tags[NAME] === undefined ? id : `${tags[NAME]} (${id})`,
    ...commonOf(tags),
    phase: PHASES[State?.Name ?? ''] ?? 'up',
    group: tags[GROUP],
    refuses: refusalOf(instance, tags),
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

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Stop_Start.html */
function refusalOf({ RootDeviceType }: Instance, tags: Record<string, string>): string | undefined {
  if (tags[GROUP] !== undefined) {
    return `it belongs to the Auto Scaling group ${tags[GROUP]}, which would replace it: tag the group, and its instances end when it sleeps`
  }
  return RootDeviceType === 'instance-store'
    ? 'its root volume is an instance store, which is lost when it stops'
    : undefined
}
