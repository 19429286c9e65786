import type { InstanceStateName } from '@aws-sdk/client-ec2'
import { AwsError } from '../errors.ts'
import { type Ec2Store, notFound, type StoredInstance } from './model.ts'

export type Change = 'started' | 'stopped' | 'terminated'

/** What makes EC2 refuse to change an instance, although its state would allow it. */
type Refusal = {
  of: Change
  when: (machine: StoredInstance) => boolean
  error(id: string): AwsError
}

type Asked = {
  to: Change
  /** Those in which the change is possible, or has been made already. */
  states: readonly InstanceStateName[]
  /** False for AWS itself: protection does not hold back the end of a group's instance. */
  isProtected?: boolean
}

const MOST_IDS = 1_000

/**
 * The instances of a call, all of which can be changed: one that cannot fails the whole call.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
 *
 * @throws AwsError naming the first instance that cannot be changed, or all that are not there.
 */
export function changeable(
  { instances }: Ec2Store,
  ids: readonly string[] = [],
  { to, states, isProtected = true }: Asked,
): StoredInstance[] {
  if (ids.length > MOST_IDS) throw tooMany()
  for (const id of ids) if (!/^i-([0-9a-f]{8}|[0-9a-f]{17})$/.test(id)) throw malformed(id)
  const missing = ids.filter((id) => !instances.has(id))
  if (missing.length > 1) throw allMissing(missing)
  return [...new Set(ids)].map((id) => {
    const machine = instances.get(id)
    if (machine === undefined) throw notFound('InstanceID', 'instance ID', id)
    const state = machine.shape.State?.Name as InstanceStateName
    if (!states.includes(state)) throw wrongState(id, to)
    const refusal = isProtected && REFUSALS.find(({ of, when }) => of === to && when(machine))
    if (refusal) throw refusal.error(id)
    return machine
  })
}

const hasLostItsRoot = ({ shape }: StoredInstance): boolean =>
  shape.RootDeviceType === 'ebs' &&
  shape.BlockDeviceMappings?.every(({ DeviceName }) => DeviceName !== shape.RootDeviceName) === true

const REFUSALS: readonly Refusal[] = [
  // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/how-ec2-instance-stop-start-works.html
  {
    of: 'stopped',
    when: ({ shape }) => shape.RootDeviceType === 'instance-store',
    error: (id) =>
      unsupported(
        `The instance '${id}' does not have an 'ebs' root device type and cannot be stopped.`,
      ),
  },
  // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-interruptions.html
  {
    of: 'stopped',
    when: ({ spot }) => spot === 'one-time',
    error: (id) =>
      unsupported(
        `You can't stop the Spot Instance '${id}' because it is associated with a one-time Spot Instance request. You can only stop Spot Instances associated with persistent Spot Instance requests.`,
      ),
  },
  // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-stop-protection.html
  {
    of: 'stopped',
    when: ({ attributes }) => attributes.disableApiStop,
    error: (id) => notPermitted(id, 'stopped', 'disableApiStop'),
  },
  // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_ChangingDisableAPITermination.html
  {
    of: 'terminated',
    when: ({ attributes }) => attributes.disableApiTermination,
    error: (id) => notPermitted(id, 'terminated', 'disableApiTermination'),
  },
  {
    of: 'terminated',
    when: ({ attributes }) => attributes.disableApiStop,
    error: (id) => notPermitted(id, 'terminated', 'disableApiStop'),
  },
  // https://docs.aws.amazon.com/vm-import/latest/userguide/troubleshooting.html has the words; the
  // code is not in a public document of AWS.
  {
    of: 'started',
    when: hasLostItsRoot,
    error: (id) =>
      new AwsError(
        'InvalidParameterValue',
        `Invalid value '${id}' for instanceId. Instance does not have a volume attached at root (/dev/xvda)`,
      ),
  },
]

const unsupported = (message: string): AwsError => new AwsError('UnsupportedOperation', message)

const notPermitted = (id: string, to: Change, attribute: string): AwsError =>
  new AwsError(
    'OperationNotPermitted',
    `The instance '${id}' may not be ${to}. Modify its '${attribute}' instance attribute and try again.`,
  )

const wrongState = (id: string, to: Change): AwsError =>
  new AwsError(
    'IncorrectInstanceState',
    `The instance '${id}' is not in a state from which it can be ${to}.`,
  )

const malformed = (id: string): AwsError =>
  new AwsError('InvalidInstanceID.Malformed', `Invalid id: "${id}"`)

const allMissing = (ids: readonly string[]): AwsError =>
  new AwsError('InvalidInstanceID.NotFound', `The instance IDs '${ids.join(', ')}' do not exist`)

const tooMany = (): AwsError =>
  new AwsError(
    'ResourceCountExceeded',
    'You have exceeded the number of resources allowed in a single call of this type',
  )
