import type { Caller } from '../../local/aws/aws.ts'
import type { ImageDescription } from '../../local/aws/ecr/image.ts'
import type { FaultRates } from '../../local/aws/faults.ts'
import { Simulation } from '../../local/simulation/simulation.ts'
import { type ServiceReport, servicesOf } from '../../local/views/services.ts'

export const PERSON: Caller = { kind: 'person', name: 'ana' }

export const GOOD: ImageDescription = { behaviour: 'healthy' }
export const BAD: ImageDescription = { behaviour: 'crashes', exitCode: 137 }

/** The environment of the repository's catalog, and what tests do to it. */
export class Stage {
  readonly simulation: Simulation

  private constructor(simulation: Simulation) {
    this.simulation = simulation
  }

  /**
   * @param options `catalog`: its directory, the repository's own when absent; `assembly`: the
   *   cloud assembly to load in place of the catalog's own.
   */
  static async open({
    seed = 1,
    faults = {},
    start = new Date('2026-03-02T09:00:00Z'),
    ...from
  }: {
    seed?: number
    faults?: Partial<FaultRates>
    start?: Date
    catalog?: string
    assembly?: string
  } = {}): Promise<Stage> {
    const simulation = await Simulation.open({ ...from, seed, start })
    simulation.faults.set(faults)
    return new Stage(simulation)
  }

  /** @returns the digest. */
  push(image: ImageDescription = GOOD, repository = 'orders', tag = 'main'): string {
    return this.simulation.ecr.push({ repository, tag, image }).digest
  }

  minutes(count: number): Promise<void> {
    return this.simulation.world.run(count * 60_000)
  }

  /** Makes a call as a person does. */
  async call<Output = Record<string, unknown>>(
    service: string,
    operation: string,
    input: object,
  ): Promise<Output> {
    const output = await this.simulation.aws.call<Output>(service, operation, input, PERSON)
    await this.simulation.world.settle()
    return output
  }

  /** A role that these may take on, and that may do this to everything. @returns its ARN. */
  async role(RoleName: string, Principal: object, Action: string): Promise<string> {
    const document = (more: object) =>
      JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...more }] })
    const AssumeRolePolicyDocument = document({ Principal, Action: 'sts:AssumeRole' })
    const { Role } = await this.call<{ Role: { Arn: string } }>('iam', 'CreateRole', {
      ...{ RoleName, AssumeRolePolicyDocument },
    })
    const PolicyDocument = document({ Action, Resource: '*' })
    await this.call('iam', 'PutRolePolicy', { RoleName, PolicyName: 'all', PolicyDocument })
    return Role.Arn
  }

  /** Makes a call as a function or a machine does; it takes its latency. */
  async callAs(caller: Caller, service: string, operation: string, input: object): Promise<object> {
    const answer = this.simulation.aws.call(service, operation, input, caller)
    answer.catch(() => {})
    await this.simulation.world.run(1000)
    return answer
  }

  async service(name = 'orders'): Promise<ServiceReport> {
    const found = (await servicesOf(this.simulation)).find((one) => one.name === name)
    if (found === undefined) throw new Error(`There is no service ${name}`)
    return found
  }

  /** The verdicts of a service's pushes, in their order. */
  verdicts(service = 'orders'): string[] {
    return this.simulation.records.verdicts
      .filter((one) => one.service === service)
      .map(({ verdict }) => verdict)
  }

  /** How often functions and machines made a call that succeeded. */
  calls(operation: string): number {
    return this.simulation.aws.calls.filter(
      (call) =>
        call.operation === operation &&
        call.outcome === 'ok' &&
        /^(function|machine)/.test(call.by),
    ).length
  }

  /** The lines all functions have logged. */
  async logs(): Promise<string[]> {
    const lines: string[] = []
    const { logGroups } = await this.call<{ logGroups: { logGroupName: string }[] }>(
      'cloudwatch-logs',
      'DescribeLogGroups',
      { limit: 50 },
    )
    for (const { logGroupName } of logGroups) {
      const { events } = await this.call<{ events: { message: string }[] }>(
        'cloudwatch-logs',
        'FilterLogEvents',
        { logGroupName },
      )
      lines.push(...events.map(({ message }) => message))
    }
    return lines
  }
}
