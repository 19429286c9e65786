import { Stack } from 'aws-cdk-lib'
import { type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { IConstruct } from 'constructs'
import { acknowledgeWildcards } from '../nag.ts'

/** What a role may do, and why it may: one thing, so that neither is changed without the other. */
export type Grant = {
  actions: readonly string[]
  resources: readonly string[]
  because: string
  conditions?: Conditions
}
type Conditions = Record<string, Record<string, string | readonly string[]>>

/**
 * A grant.
 *
 * @param because for a reviewer who does not know this code: why these actions, and why a `*`
 *   among the resources reaches no further than it should.
 */
export const grant = (
  actions: readonly string[],
  resources: readonly string[],
  because: string,
  conditions?: Conditions,
): Grant => ({ actions, resources, because, ...(conditions && { conditions }) })

/**
 * Limits what is done with a table to items of these partitions. A request that names no partition
 * is refused: alone, `ForAllValues` would let it through.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
 */
export const inPartitions = (...partitions: readonly string[]): Conditions => ({
  'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': partitions },
  Null: { 'dynamodb:LeadingKeys': 'false' },
})

type Grantee = IConstruct & {
  readonly role?: IRole | undefined
  addToRolePolicy(statement: PolicyStatement): void
}

/** Gives a function's or a machine's role its grants, and cdk-nag the reason of each `*`. */
export function giveGrants(grantee: Grantee, grants: readonly Grant[]): void {
  for (const { actions, resources, conditions } of grants) {
    grantee.addToRolePolicy(
      new PolicyStatement({
        actions: [...actions],
        resources: [...resources],
        ...(conditions && { conditions: { ...conditions } }),
      }),
    )
  }
  const wide = grants.flatMap(({ resources, because }) =>
    resources
      .filter((resource) => isWide(grantee, resource))
      .map((resource) => ({ resource, because })),
  )
  // Several grants may reach the same resources, each for its own reason.
  for (const [resource, same] of Map.groupBy(wide, (one) => one.resource)) {
    const reasons = [...new Set(same.map(({ because }) => because))]
    acknowledgeWildcards(grantee, [resource], reasons.join(' '))
  }
}

const isWide = (scope: IConstruct, resource: string): boolean =>
  JSON.stringify(Stack.of(scope).resolve(resource)).includes('*')
