import { Stack } from 'aws-cdk-lib'
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { Construct } from 'constructs'
import { ALARM_TOPIC } from '../../alarm-topic.ts'
import { named } from '../../names.ts'
import { NOTICES_TOPIC } from '../observability/notices.ts'
import { arnsOf } from './arns.ts'

export const BREAK_GLASS = 'break-glass'

/** The alarm that says so, the rule that it counts, and the runbook. */
export const BREAK_GLASS_USED = `${BREAK_GLASS}-used`

/** What hides what was done, wherever it was done. */
const HIDING = [
  'account:CloseAccount',
  'cloudtrail:DeleteTrail',
  'cloudtrail:PutEventSelectors',
  'cloudtrail:PutInsightSelectors',
  'cloudtrail:StopLogging',
  'cloudtrail:UpdateTrail',
  // A trail may be encrypted with a key of the account: without it nobody reads what was done.
  'kms:DisableKey',
  'kms:ScheduleKeyDeletion',
  'organizations:LeaveOrganization',
  // S3 itself would delete what the trail wrote, in any bucket.
  's3:PutLifecycleConfiguration',
]

/** What stays after the hour: another way in, or a role without these limits. */
const LASTING = [
  'iam:CreateAccessKey',
  'iam:CreateLoginProfile',
  'iam:CreateOpenIDConnectProvider',
  'iam:CreateSAMLProvider',
  'iam:CreateServiceSpecificCredential',
  'iam:CreateUser',
  'iam:DeleteRolePermissionsBoundary',
  'iam:DeleteUserPermissionsBoundary',
  'iam:PutUserPermissionsBoundary',
  'iam:UpdateAccessKey',
  'iam:UpdateLoginProfile',
]

/**
 * CloudTrail writes below `AWSLogs/<account>/CloudTrail/` of whichever bucket the trail has, so its
 * files are known without the trail.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html
 */
const TRAIL_FILES = '*/AWSLogs/*/CloudTrail*'

/** The console's own name for a trail's bucket is `aws-cloudtrail-logs-<account>-…`. */
const TRAIL_BUCKETS = '*cloudtrail*'

/** What break-glass may not do either. */
export function breakGlassLimits(scope: Construct): PolicyStatement[] {
  const { partition } = Stack.of(scope)
  return [
    deny(HIDING, ['*']),
    deny(
      ['s3:BypassGovernanceRetention', 's3:DeleteObject*', 's3:PutObject*'],
      [`arn:${partition}:s3:::${TRAIL_FILES}`],
    ),
    deny(
      ['s3:DeleteBucket*', 's3:PutBucket*', 's3:PutEncryptionConfiguration'],
      [`arn:${partition}:s3:::${TRAIL_BUCKETS}`],
    ),
    keepsAlarm(scope),
    deny(LASTING, ['*']),
    ...keepsBoundaries(scope),
  ]
}

/** Leaves alone the alarm about break-glass, and the way by which it reaches people. */
export function keepsAlarm(scope: Construct): PolicyStatement {
  const arn = arnsOf(scope)
  return deny(
    [
      'cloudwatch:DeleteAlarms',
      'cloudwatch:DisableAlarmActions',
      'cloudwatch:PutMetricAlarm',
      'cloudwatch:SetAlarmState',
      'events:DeleteRule',
      'events:DisableRule',
      'events:PutRule',
      'events:PutTargets',
      'events:RemoveTargets',
      'sns:DeleteTopic',
      'sns:RemovePermission',
      'sns:SetTopicAttributes',
      'sns:Unsubscribe',
    ],
    [
      arn('cloudwatch', `alarm:${named(scope, BREAK_GLASS_USED)}`),
      arn('events', `rule/${named(scope, BREAK_GLASS_USED)}`),
      ...[ALARM_TOPIC, NOTICES_TOPIC].map((topic) => arn('sns', named(scope, topic))),
    ],
  )
}

/**
 * A role without a boundary could be taken next, and do the rest: none is made, none loses its
 * own, and the roles of CDK, which have none, are neither taken nor handed on. Who deploys takes
 * the role of operators.
 */
function keepsBoundaries(scope: Construct): PolicyStatement[] {
  const arn = arnsOf(scope)
  const boundaries = [`${BREAK_GLASS}-boundary`, 'boundary'].map((name) =>
    arn('iam', `policy/${named(scope, name)}`),
  )
  return [
    deny(['iam:CreateRole', 'iam:PutRolePermissionsBoundary'], ['*'], {
      ArnNotEquals: { 'iam:PermissionsBoundary': boundaries },
    }),
    deny(
      [
        'iam:CreatePolicyVersion',
        'iam:DeletePolicy',
        'iam:DeletePolicyVersion',
        'iam:SetDefaultPolicyVersion',
      ],
      boundaries,
    ),
    deny(
      ['iam:DeleteRole', 'iam:UpdateAssumeRolePolicy', 'iam:UpdateRole'],
      [arn('iam', `role/${named(scope, BREAK_GLASS)}`)],
    ),
    deny(
      ['iam:PassRole', 'iam:UpdateAssumeRolePolicy', 'sts:AssumeRole'],
      [arn('iam', 'role/cdk-*')],
    ),
  ]
}

const deny = (actions: string[], resources: string[], conditions = {}): PolicyStatement =>
  new PolicyStatement({ effect: Effect.DENY, actions, resources, conditions })
