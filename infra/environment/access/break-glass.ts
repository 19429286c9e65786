import { ManagedPolicy, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam'
import type { Construct } from 'constructs'
import { acknowledge } from '../../nag.ts'
import { named } from '../../names.ts'
import { BREAK_GLASS, breakGlassLimits } from './break-glass-limits.ts'
import { AN_HOUR, groupFor, personOf } from './trust.ts'

/**
 * The role `<environment>-break-glass` for when nothing else helps: everything, for an hour, with
 * a second factor given within the hour. `break-glass-alarm.ts` raises an alarm when it is used, and
 * `break-glass-limits.ts` keeps that alarm, the trail and the limits themselves out of its reach.
 */
export function breakGlass(scope: Construct): void {
  const bound = new ManagedPolicy(scope, `${BREAK_GLASS}-boundary`, {
    managedPolicyName: named(scope, BREAK_GLASS, 'boundary'),
    // Create-only, and the name is fixed: other words would be a replacement that AWS refuses.
    description: 'Everything but to hide what was done',
    statements: [
      new PolicyStatement({ actions: ['*'], resources: ['*'] }),
      ...breakGlassLimits(scope),
    ],
  })
  const role = new Role(scope, BREAK_GLASS, {
    roleName: named(scope, BREAK_GLASS),
    description: 'For emergencies: everything, for an hour; that it was used is told',
    assumedBy: personOf(scope, BREAK_GLASS, { within: AN_HOUR, here: true }),
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
        'Nobody knows beforehand what an emergency takes. It lasts an hour, needs a second factor, raises an alarm, and its boundary keeps it from the trail, from that alarm and from making itself lasting.',
      )
    }
  }
}
