import { Stack } from 'aws-cdk-lib'
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions'
import { TAGS } from '../../domain/tags.ts'
import { environmentOf, named } from '../names.ts'
import type { Feature } from './feature.ts'
import { type Grant, grant } from './grant.ts'

/** Why what only reads reaches every resource of its kind. */
export const OPTED_IN =
  'Reads only. Any service and repository of the account may opt in by its tags, so none can be named when this is deployed.'

/**
 * Why a deployment or a revision is read with its service.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
 */
export const WITH_ITS_SERVICE =
  'IAM asks for the service as well as for its deployment or revision. Both are only read, and any service may opt in by its tags.'

/**
 * The condition that leaves out what another environment's tag claims. `IfExists`: whatever has no
 * such tag belongs to nobody else, as in `domain/tags.ts`.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IfExists
 *
 * @param where the tags that the resource has, or that the request gives it.
 */
export function notOfAnother(feature: Feature, where: 'aws:ResourceTag' | 'aws:RequestTag') {
  return {
    StringEqualsIfExists: { [`${where}/${TAGS.environment}`]: environmentOf(feature) },
  }
}

/** The condition that names what the tag of a service marks, and no other environment's. */
export const ofServices = (feature: Feature) => ({
  StringLike: { [`aws:ResourceTag/${TAGS.service}`]: '*' },
  ...notOfAnother(feature, 'aws:ResourceTag'),
})

/** What it takes to run the task that a service asks for before each deployment. */
export const runsTasks = (feature: Feature): Grant[] => [
  grant(
    ['ecs:RunTask'],
    [feature.arns.taskDefinitions],
    'Runs the task that a service asks for before each deployment. Conditions limit it to revisions of services, and of these to those of this environment, or of none.',
    ofServices(feature),
  ),
  grant(
    ['ecs:TagResource'],
    [feature.arns.tasks],
    'The tags of its revision go to the task, and a condition allows no other time.',
    { StringEquals: { 'ecs:CreateAction': 'RunTask' } },
  ),
]

/** What it takes to say between how many tasks a service is scaled. @param why what for. */
export const scales = (feature: Feature, why: string): Grant =>
  grant(
    ['application-autoscaling:RegisterScalableTarget'],
    [
      Stack.of(feature).formatArn({
        service: 'application-autoscaling',
        resource: 'scalable-target',
        resourceName: '*',
      }),
    ],
    `${why} A condition leaves out what another environment has.`,
    notOfAnother(feature, 'aws:ResourceTag'),
  )

/**
 * What it takes to see which image a service runs and which it should run: the grants of whoever
 * calls `functions/shared/roll-out/observe.ts`.
 *
 * @param machine the name of the roll-out machine, whose executions are read.
 */
export function observes({ arns, table }: Feature, machine: string): Grant[] {
  return [
    grant(
      ['tag:GetResources', 'ecs:DescribeTaskDefinition'],
      ['*'],
      'tag:GetResources and ecs:DescribeTaskDefinition know no resources; both only read.',
    ),
    grant(['ecs:DescribeServices'], [arns.services], OPTED_IN),
    grant(
      ['ecs:DescribeServiceRevisions'],
      [arns.services, arns.serviceRevisions],
      WITH_ITS_SERVICE,
    ),
    grant(
      ['ecr:DescribeImages', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
      [arns.repositories],
      OPTED_IN,
    ),
    grant(
      ['dynamodb:BatchGetItem', 'dynamodb:Query'],
      [table.tableArn],
      'Reads what AWS does not keep: what was tried, who holds the service.',
    ),
    grant(
      ['states:DescribeExecution'],
      [arns.executions(machine)],
      'Executions of the one machine, read to see whether a roll-out is still alive.',
    ),
  ]
}

/** The roles of the tasks that prepare databases: `infra/environment/services/prepare-database.ts`. */
export const preparationRoles = (feature: Feature): string[] =>
  ['task', 'execution'].map((kind) =>
    Stack.of(feature).formatArn({
      service: 'iam',
      region: '',
      resource: 'role',
      resourceName: named(feature, '*', 'database', kind),
    }),
  )

/** What it takes to find the services that a push is for, and to start the machine for them. */
export function startsRollOuts({ arns }: Feature, machine: IStateMachine): Grant[] {
  return [
    grant(['tag:GetResources'], ['*'], 'tag:GetResources knows no resources; it only reads.'),
    grant(['ecs:DescribeServices'], [arns.services], OPTED_IN),
    grant(['states:StartExecution'], [machine.stateMachineArn], 'Starts roll-outs.'),
  ]
}
