import { Effect, ManagedPolicy, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam'
import type { Construct } from 'constructs'
import { acknowledge } from '../../nag.ts'
import { named } from '../../names.ts'
import { AN_HOUR, groupFor, personOf } from './trust.ts'

export const BREAK_GLASS = 'break-glass'

/** What nobody may do even in an emergency: hide what was done. */
const UNSEEN = [
  'account:CloseAccount',
  'cloudtrail:DeleteTrail',
  'cloudtrail:PutEventSelectors',
  'cloudtrail:StopLogging',
  'cloudtrail:UpdateTrail',
  'organizations:LeaveOrganization',
]

/**
 * The role `<environment>-break-glass` for when nothing else helps: everything, for an hour, with
 * a second factor given within the hour. `break-glass-alarm.ts` raises an alarm when it is used.
 */
export function breakGlass(scope: Construct): void {
  const bound = new ManagedPolicy(scope, `${BREAK_GLASS}-boundary`, {
    managedPolicyName: named(scope, BREAK_GLASS, 'boundary'),
    description: 'Everything but to hide what was done',
    statements: [
      new PolicyStatement({ actions: ['*'], resources: ['*'] }),
      new PolicyStatement({ effect: Effect.DENY, actions: UNSEEN, resources: ['*'] }),
    ],
  })
  const role = new Role(scope, BREAK_GLASS, {
    roleName: named(scope, BREAK_GLASS),
    description: 'For emergencies: everything, for an hour; that it was used is told',
    assumedBy: personOf(scope, BREAK_GLASS, AN_HOUR),
    maxSessionDuration: AN_HOUR,
    permissionsBoundary: bound,
  })
  role.addToPolicy(new PolicyStatement({ actions: ['*'], resources: ['*'] }))
  groupFor(scope, BREAK_GLASS, role)
  for (const holder of [bound, role]) {
    for (const finding of ['Action::*', 'Resource::*']) {
      acknowledge(
        holder,
        `AwsSolutions-IAM5[${finding}]`,
        'Nobody knows beforehand what an emergency takes. It lasts an hour, needs a second factor, cannot touch the trail, and raises an alarm.',
      )
    }
  }
}
