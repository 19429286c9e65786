import { ManagedPolicy, type PolicyStatement, Role } from 'aws-cdk-lib/aws-iam'
import type { Construct } from 'constructs'
import { acknowledge, acknowledgeWildcards } from '../../nag.ts'
import { named } from '../../names.ts'
import { developing } from './developing.ts'
import { operating } from './operating.ts'
import { reading } from './reading.ts'
import { groupFor, personOf, WORKING_DAY } from './trust.ts'

/** Each may do what those before it may, and more. */
const STEPS = [
  {
    name: 'read-only',
    description: 'Sees everything but secrets and the data of services',
    statements: reading,
  },
  {
    name: 'developer',
    description: 'Pushes, looks into, restarts and rolls back services',
    statements: developing,
  },
  {
    name: 'operator',
    description: 'Deploys the environment, and mends what Caretaker reports',
    statements: operating,
  },
]

/**
 * The roles `<environment>-read-only`, `-developer` and `-operator`, and a policy of each name. A
 * permission set of Identity Center may use the same policies, so that people are what they are
 * without a second step.
 */
export function people(scope: Construct, boundary: ManagedPolicy): void {
  const roles = STEPS.map(({ name, description }) => {
    const role = new Role(scope, name, {
      roleName: named(scope, name),
      description,
      assumedBy: personOf(scope, name),
      maxSessionDuration: WORKING_DAY,
      permissionsBoundary: boundary,
    })
    groupFor(scope, name, role)
    return role
  })
  STEPS.forEach(({ name, description, statements }, step) => {
    const policy = new ManagedPolicy(scope, `${name}-policy`, {
      managedPolicyName: named(scope, name),
      description,
      statements: statements(scope),
      roles: roles.slice(step),
    })
    explain(policy, statements(scope))
  })
}

/** The `*` in people's policies have one reason, which a test checks. */
function explain(policy: ManagedPolicy, statements: readonly PolicyStatement[]): void {
  const holds = (text: string) => text.includes('*')
  const actions = statements.flatMap((one) => one.actions).filter(holds)
  const resources = statements.flatMap((one) => one.resources).filter(holds)
  for (const action of new Set(actions)) {
    acknowledge(
      policy,
      `AwsSolutions-IAM5[Action::${action}]`,
      'These only read, and what AWS adds to them reads too.',
    )
  }
  acknowledgeWildcards(
    policy,
    [...new Set(resources)],
    'What people work on has the environment’s name or tag, and comes and goes with the catalog.',
  )
}
