import { checksOf } from '../../local/aws/iam/actions.ts'
import { contextOf } from '../../local/aws/iam/context.ts'
import { dependentChecks } from '../../local/aws/iam/dependent.ts'
import { evaluate } from '../../local/aws/iam/evaluate.ts'
import type { Role } from '../../local/aws/iam/model.ts'
import type { Principal } from '../../local/aws/iam/policy.ts'
import { mayAssume } from '../../local/aws/iam/trust.ts'
import type { Context } from '../../local/aws/iam/variables.ts'
import { Simulation } from '../../local/simulation/simulation.ts'

/** Values of condition keys, as a request would have them. */
export type Facts = Record<string, string>

/** What the roles of an environment may do: IAM is asked, nothing is done. */
export class Rights {
  readonly simulation: Simulation

  private constructor(simulation: Simulation) {
    this.simulation = simulation
  }

  /** @param from `catalog`: its directory, or `assembly`: a cloud assembly. */
  static async open(from: { catalog?: string; assembly?: string } = {}): Promise<Rights> {
    const start = new Date('2026-03-02T09:00:00Z')
    return new Rights(await Simulation.open({ ...from, seed: 1, start }))
  }

  get account(): string {
    return this.simulation.aws.account
  }

  /** By name, or by the beginning of the logical id where CloudFormation has given the name. */
  role(named: string): Role {
    const role = this.simulation.iam.roles.find(
      ({ name, tags }) =>
        name === named || tags['aws:cloudformation:logical-id']?.startsWith(named),
    )
    if (role === undefined) throw new Error(`there is no role ${named}`)
    return role
  }

  /** One action on one resource. */
  may(named: string, action: string, resource: string, facts: Facts = {}): boolean {
    const role = this.role(named)
    const context = withFacts({ 'aws:PrincipalArn': role.arn, ...facts })
    const { policies, boundary } = this.simulation.iam.permissionsOf(role)
    return evaluate(policies, boundary, { action, resource, context }).allowed
  }

  /** A call, with all that it needs besides its own action. */
  mayCall(
    named: string,
    [service, operation]: readonly [string, string],
    input: object,
    facts: Facts = {},
  ): boolean {
    const role = this.role(named)
    const { aws, iam } = this.simulation
    const { policies, boundary } = iam.permissionsOf(role)
    const call = { aws, service, operation, input: input as Record<string, unknown> }
    const given = withFacts(facts)
    return [...checksOf(call), ...dependentChecks(call)].every((check) => {
      const own = contextOf(aws, check, { arn: role.arn, tags: role.tags })
      const context: Context = (key) => given(key) ?? own(key)
      return evaluate(policies, boundary, { ...check, context }).allowed
    })
  }

  /** Whether somebody is let into a role. */
  mayBecome(named: string, principal: Principal, facts: Facts): boolean {
    return mayAssume(this.role(named).trust, principal, withFacts(facts))
  }
}

/** The names of condition keys are the same in any case. */
function withFacts(facts: Facts): Context {
  const known = new Map(Object.entries(facts).map(([key, value]) => [key.toLowerCase(), value]))
  return (key) => {
    const value = known.get(key.toLowerCase())
    return value === undefined ? undefined : [value]
  }
}
