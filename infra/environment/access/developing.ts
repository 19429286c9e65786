import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { Construct } from 'constructs'
import { environmentOf, named } from '../../names.ts'
import { PUSH } from '../pipelines/push.ts'
import { arnsOf } from './arns.ts'
import { permissionSetOf } from './trust.ts'

/** What a developer does to services beyond looking: all of the environment's, and no others. */
export function developing(scope: Construct): PolicyStatement[] {
  const own = { StringEquals: { 'aws:ResourceTag/caretaker:environment': environmentOf(scope) } }
  return [
    ...images(own),
    ...services(scope),
    ...butPreparations(scope),
    ...secrets(scope),
    ...throughBastion(scope, own),
  ]
}

type Condition = { StringEquals: Record<string, string> }

/** Pushes an image by hand, which deploys it; pulls one to look at it. */
function images(own: Condition): PolicyStatement[] {
  return [
    new PolicyStatement({ actions: ['ecr:GetAuthorizationToken'], resources: ['*'] }),
    new PolicyStatement({
      actions: [...PUSH, 'ecr:GetDownloadUrlForLayer'],
      resources: ['*'],
      conditions: own,
    }),
  ]
}

function services(scope: Construct): PolicyStatement[] {
  const arn = arnsOf(scope)
  const everything = named(scope, '*')
  return [
    new PolicyStatement({
      actions: ['ecs:ExecuteCommand', 'ecs:StopTask', 'ecs:UpdateService'],
      resources: [
        arn('ecs', `cluster/${everything}`),
        arn('ecs', `service/${everything}`),
        arn('ecs', `task/${everything}`),
      ],
    }),
    // A job out of turn.
    new PolicyStatement({
      actions: ['ecs:RunTask'],
      resources: [arn('ecs', `task-definition/${everything}`)],
    }),
    // With the tags of its definition: without them its costs belong to nobody.
    new PolicyStatement({
      actions: ['ecs:TagResource'],
      resources: [arn('ecs', `task/${everything}`)],
      conditions: { StringEquals: { 'ecs:CreateAction': 'RunTask' } },
    }),
    new PolicyStatement({
      actions: ['iam:PassRole'],
      resources: ['task', 'execution'].map((kind) => arn('iam', `role/${named(scope, '*', kind)}`)),
      conditions: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
    }),
    new PolicyStatement({
      actions: ['dynamodb:GetItem', 'dynamodb:Query'],
      resources: [arn('dynamodb', `table/${named(scope, 'caretaker')}`)],
    }),
    new PolicyStatement({
      actions: ['codepipeline:RetryStageExecution', 'codepipeline:StartPipelineExecution'],
      resources: [arn('codepipeline', everything), arn('codepipeline', `${everything}/*`)],
    }),
  ]
}

/**
 * What prepares a service's database has the administrator's password, and a command of one's own
 * would write it into the log. Operators may run it again (the runbook environment-dlq): they
 * decide what is deployed.
 */
function butPreparations(scope: Construct): PolicyStatement[] {
  const arn = arnsOf(scope)
  const preparation = named(scope, '*', 'database')
  const unlessOperator = {
    ArnNotLike: {
      'aws:PrincipalArn': [
        arn('iam', `role/${named(scope, 'operator')}`),
        permissionSetOf(scope, 'operator'),
      ],
    },
  }
  const deny = (actions: string[], resources: string[], conditions = {}) =>
    new PolicyStatement({
      effect: Effect.DENY,
      actions,
      resources,
      conditions: { ...unlessOperator, ...conditions },
    })
  return [
    deny(
      ['ecs:RunTask', 'iam:PassRole'],
      [
        // IAM is asked about the name alone where the caller gives no revision.
        arn('ecs', `task-definition/${preparation}`),
        arn('ecs', `task-definition/${preparation}:*`),
        arn('iam', `role/${preparation}-task`),
        arn('iam', `role/${preparation}-execution`),
      ],
    ),
    // A service that ran it would hold the password for as long as it runs.
    deny(['ecs:UpdateService'], ['*'], {
      StringLike: { 'ecs:task-definition': ['*-database', '*-database:*'] },
    }),
  ]
}

/** Of services, and the token of the cache; Caretaker's own, such as Slack's, are the operators'. */
function secrets(scope: Construct): PolicyStatement[] {
  const arn = arnsOf(scope)
  const secret = (path: string) => arn('secretsmanager', `secret:${environmentOf(scope)}/${path}`)
  return [
    new PolicyStatement({
      actions: ['secretsmanager:GetSecretValue', 'secretsmanager:PutSecretValue'],
      resources: [secret('*')],
      conditions: { StringLike: { 'aws:ResourceTag/caretaker:service': '?*' } },
    }),
    new PolicyStatement({
      actions: ['secretsmanager:GetSecretValue'],
      // What follows the hyphen is Secrets Manager's own.
      resources: [secret('cache-??????')],
    }),
  ]
}

/** A port to a database or the cache: docs/access.md has the command. */
function throughBastion(scope: Construct, own: Condition): PolicyStatement[] {
  const arn = arnsOf(scope)
  const instances = arn('ec2', 'instance/*')
  // Else who names no document gets the default one, a shell, and IAM is not asked about it. It
  // must be in every statement that allows the action.
  // https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-specify-session-document.html
  const asked = { BoolIfExists: { 'ssm:SessionDocumentAccessCheck': 'true' } }
  return [
    new PolicyStatement({
      actions: ['ec2:StartInstances', 'ec2:StopInstances'],
      resources: [instances],
      conditions: own,
    }),
    new PolicyStatement({
      actions: ['ssm:StartSession'],
      resources: [instances],
      conditions: { ...own, ...asked },
    }),
    // This document and no other: not a shell on the bastion.
    new PolicyStatement({
      actions: ['ssm:StartSession'],
      resources: [
        arn('ssm', 'document/AWS-StartPortForwardingSessionToRemoteHost', { account: '' }),
      ],
      conditions: asked,
    }),
    new PolicyStatement({
      actions: ['ssm:ResumeSession', 'ssm:TerminateSession'],
      // biome-ignore lint/suspicious/noTemplateCurlyInString: IAM's own variable, the caller's id
      resources: [arn('ssm', 'session/${aws:userid}-*')],
    }),
  ]
}
