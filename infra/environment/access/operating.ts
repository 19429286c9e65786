import { DefaultStackSynthesizer, Stack } from 'aws-cdk-lib'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { Construct } from 'constructs'
import { environmentOf, named } from '../../names.ts'
import { arnsOf } from './arns.ts'
import { keepsAlarm } from './break-glass-limits.ts'

/** What operating an environment takes, beyond its services: the steps in the runbooks. */
export function operating(scope: Construct): PolicyStatement[] {
  return [...deploying(scope), ...mending(scope), ...ofCaretaker(scope), keepsAlarm(scope)]
}

/** The roles of CDK's bootstrap that a deployment from here takes; it builds no images. */
const CDK_ROLES = ['deploy', 'file-publishing', 'lookup']

/**
 * `npx caretaker environment deploy`: the roles of CDK's bootstrap in this account and Region do it, and
 * CloudFormation with one of theirs. Who deploys decides what is deployed, so an operator can in
 * the end do what templates can.
 */
function deploying(scope: Construct): PolicyStatement[] {
  const { account, region } = Stack.of(scope)
  const arn = arnsOf(scope)
  const bootstrap = `cdk-${DefaultStackSynthesizer.DEFAULT_QUALIFIER}`
  const resources = CDK_ROLES.map((what) =>
    arn('iam', `role/${bootstrap}-${what}-role-${account}-${region}`),
  )
  return [new PolicyStatement({ actions: ['sts:AssumeRole'], resources })]
}

function mending(scope: Construct): PolicyStatement[] {
  const arn = arnsOf(scope)
  const everything = named(scope, '*')
  const own = { StringEquals: { 'aws:ResourceTag/caretaker:environment': environmentOf(scope) } }
  return [
    new PolicyStatement({
      actions: ['ecs:StopServiceDeployment'],
      // IAM asks for both: the reference marks the service as required too.
      resources: [
        arn('ecs', `service-deployment/${everything}`),
        arn('ecs', `service/${everything}`),
      ],
    }),
    new PolicyStatement({
      actions: ['rds:StartDBInstance', 'rds:StopDBInstance', 'rds:RebootDBInstance'],
      resources: ['*'],
      conditions: own,
    }),
    new PolicyStatement({
      actions: ['states:RedriveExecution', 'states:StartExecution', 'states:StopExecution'],
      resources: [
        arn('states', `stateMachine:${everything}`),
        arn('states', `execution:${everything}:*`),
      ],
    }),
    new PolicyStatement({
      actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:PurgeQueue'],
      resources: [arn('sqs', everything)],
    }),
    new PolicyStatement({
      actions: ['events:DisableRule', 'events:EnableRule'],
      resources: [arn('events', `rule/${everything}`)],
    }),
    new PolicyStatement({
      actions: ['cloudwatch:DisableAlarmActions', 'cloudwatch:EnableAlarmActions'],
      resources: [arn('cloudwatch', `alarm:${everything}`)],
    }),
  ]
}

/** Its record, to freeze roll-outs while deploying, and its secrets, to put Slack's token in. */
function ofCaretaker(scope: Construct): PolicyStatement[] {
  const arn = arnsOf(scope)
  return [
    new PolicyStatement({
      actions: ['dynamodb:DeleteItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
      resources: [arn('dynamodb', `table/${named(scope, 'caretaker')}`)],
    }),
    new PolicyStatement({
      actions: [
        'secretsmanager:GetSecretValue',
        'secretsmanager:PutSecretValue',
        'secretsmanager:RotateSecret',
      ],
      resources: [arn('secretsmanager', `secret:${environmentOf(scope)}/*`)],
    }),
  ]
}
