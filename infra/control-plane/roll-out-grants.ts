import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions'
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

/** What it takes to find the services that a push is for, and to start the machine for them. */
export function startsRollOuts({ arns }: Feature, machine: IStateMachine): Grant[] {
  return [
    grant(['tag:GetResources'], ['*'], 'tag:GetResources knows no resources; it only reads.'),
    grant(['ecs:DescribeServices'], [arns.services], OPTED_IN),
    grant(['states:StartExecution'], [machine.stateMachineArn], 'Starts roll-outs.'),
  ]
}
