import type { GetInstanceProfileResponse } from '@aws-sdk/client-iam'
import type { Aws, Caller } from '../aws/aws.ts'
import { Ec2 } from '../aws/ec2/ec2.ts'
import { AwsError, NotImplemented } from '../aws/errors.ts'

const WAY_OUT = 'caretaker:way-out'
const EVERYWHERE = '0.0.0.0/0'
/** How often it looks whether its routes are there. */
const KEEPS_MILLISECONDS = 60_000

/** What an instance is told in the lines before its script. */
type Told = { group: string; hook: string; tables: readonly string[] }

type Boot = { id: string; told: Told; caller: Caller }

/**
 * What happens inside NAT instances, as infra/environment/network/way-out.sh says: the calls are
 * made with the instance's own role, once its status checks pass. Packets are not simulated.
 */
export class NatInstances {
  /**
   * `hangs`: its script does not come to an end. `finds-no-way`: its test of the way out fails.
   * Counts for instances that boot from now on.
   */
  behaviour: 'routes' | 'hangs' | 'finds-no-way' = 'routes'
  readonly #aws: Aws

  constructor(aws: Aws) {
    this.#aws = aws
    aws.onEvent(({ source, detail }) => {
      const { 'instance-id': id, state } = detail
      if (source !== 'aws.ec2' || state !== 'running' || typeof id !== 'string') return
      const machine = aws.the(Ec2).instance(id)
      if (machine?.tags[WAY_OUT] !== 'true') return
      const { checkedFrom = aws.world.now } = machine
      aws.world.at(checkedFrom, `${id} sets itself up`, () => this.#boot(id))
    })
  }

  async #boot(id: string): Promise<void> {
    const machine = this.#aws.the(Ec2).instance(id)
    if (this.behaviour === 'hangs' || machine === undefined || !this.#runs(id)) return
    const told = toldIn(machine.userData ?? '')
    const caller = await this.#caller(machine.shape.IamInstanceProfile?.Arn)
    const boot = { id, told, caller }
    try {
      await this.#setUp(boot)
    } catch (error) {
      // The script's trap: whatever fails, the group is to try another.
      if (!isAnswer(error)) throw error
      return this.#complete(boot, 'ABANDON')
    }
    await this.#complete(boot, 'CONTINUE')
  }

  /** @throws AwsError when a call is refused, or when there is no way out. */
  async #setUp(boot: Boot): Promise<void> {
    const { id, told, caller } = boot
    const { shape } = this.#aws.the(Ec2).instance(id) ?? {}
    const SourceDestCheck = { Value: false }
    await this.#aws.call(
      'ec2',
      'ModifyInstanceAttribute',
      { InstanceId: id, SourceDestCheck },
      caller,
    )
    const getsOut =
      shape?.PublicIpAddress !== undefined &&
      this.#aws.the(Ec2).hasWayOut(shape.SubnetId ?? '', 'internet')
    if (!getsOut || this.behaviour === 'finds-no-way') {
      throw new AwsError('NoWayOut', 'Nothing answers.')
    }
    for (const table of told.tables) await this.#take(boot, table)
    this.#keep(boot)
  }

  async #take(boot: Boot, table: string): Promise<void> {
    try {
      await this.#route('ReplaceRoute', boot, table)
    } catch (error) {
      if ((error as Error).name !== 'InvalidRoute.NotFound') throw error
      await this.#route('CreateRoute', boot, table)
    }
  }

  #route(operation: string, { id, caller }: Boot, RouteTableId: string): Promise<unknown> {
    const route = { RouteTableId, DestinationCidrBlock: EVERYWHERE, InstanceId: id }
    return this.#aws.call('ec2', operation, route, caller)
  }

  /** Every minute, a route that somebody has taken away is made again. */
  #keep(boot: Boot): void {
    this.#aws.world.after(KEEPS_MILLISECONDS, `${boot.id} keeps its routes`, async () => {
      if (!this.#runs(boot.id)) return
      for (const table of boot.told.tables) {
        try {
          await this.#route('CreateRoute', boot, table)
        } catch (error) {
          // It is there already, as a rule; whatever it is, the next minute tries again.
          if (!isAnswer(error)) throw error
        }
      }
      this.#keep(boot)
    })
  }

  /** At a later boot nothing waits for it: the script goes on then. */
  async #complete({ id, told, caller }: Boot, result: 'CONTINUE' | 'ABANDON'): Promise<void> {
    try {
      await this.#aws.call(
        'auto-scaling',
        'CompleteLifecycleAction',
        {
          AutoScalingGroupName: told.group,
          LifecycleHookName: told.hook,
          InstanceId: id,
          LifecycleActionResult: result,
        },
        caller,
      )
    } catch (error) {
      if (!isAnswer(error)) throw error
    }
  }

  #runs(id: string): boolean {
    return this.#aws.the(Ec2).instance(id)?.shape.State?.Name === 'running'
  }

  /** The role of its profile, taken on by EC2. */
  async #caller(profile = ''): Promise<Caller> {
    const ec2: Caller = { kind: 'aws', name: 'ec2' }
    const { InstanceProfile } = await this.#aws.call<GetInstanceProfileResponse>(
      'iam',
      'GetInstanceProfile',
      { InstanceProfileName: profile.split('/').at(-1) },
      ec2,
    )
    return { ...ec2, roleArn: InstanceProfile?.Roles?.[0]?.Arn ?? '' }
  }
}

/** Whether AWS has answered so, not a gap of the simulation. */
const isAnswer = (error: unknown): boolean =>
  error instanceof AwsError && !(error instanceof NotImplemented)

/** @throws Error for a script that is not told what it needs. */
function toldIn(userData: string): Told {
  const script = Buffer.from(userData, 'base64').toString()
  const line = (name: string): string => {
    const found = new RegExp(`^${name}='(.+)'$`, 'm').exec(script)?.[1]
    if (found === undefined) throw new Error(`The user data of a NAT instance has no ${name}`)
    return found
  }
  return {
    group: line('GROUP'),
    hook: line('HOOK'),
    tables: line('ROUTE_TABLES').split(' '),
  }
}
