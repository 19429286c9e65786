import { CfnPermission, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda'
import type { Construct } from 'constructs'
import { VISITORS_AT_ONCE } from '../../catalog/entrance.ts'
import { SLEEP } from '../../domain/table/keys.ts'
import { TAGS } from '../../domain/tags.ts'
import { environmentOf } from '../names.ts'
import { Feature, type FeatureProps } from './feature.ts'
import { type Grant, grant, inPartitions } from './grant.ts'

/**
 * Visitors of what sleeps: the function that the load balancer asks in place of a service, and what
 * it takes to put the rules there that lead to it (docs/adr/0026-wake-on-request.md).
 */
export class Visitors extends Feature {
  readonly answer: LambdaFunction

  constructor(scope: Construct, id: string, props: FeatureProps) {
    super(scope, id, props)
    const { table } = this
    const machine = this.machineArn('sleep')
    const { entranceLimit } = props.catalog.environment.parts
    this.answer = this.addFunctionWithCatalog('answer-visitor', {
      description: 'Answers whoever comes to a service that sleeps, and has it woken',
      environment: { TABLE_NAME: table.tableName, SLEEP_MACHINE: machine },
      timeoutSeconds: 10,
      ...(entranceLimit && { reservedConcurrency: VISITORS_AT_ONCE }),
      grants: [
        grant(
          ['dynamodb:Query', 'dynamodb:UpdateItem'],
          [table.tableArn],
          'Reads what sleeps, and notes that visitors have come. A condition limits it to these.',
          inPartitions(SLEEP),
        ),
        grant(['states:StartExecution'], [machine], 'Has the service woken.'),
      ],
    })
    this.#admit('from-the-load-balancer', this.arns.wakeTargets)
    if (props.catalog.environment.signIn) this.#admit('signed-in', this.arns.signedInTargets)
  }

  /** Has the load balancer ask the function for a target group. */
  #admit(id: string, sourceArn: string): void {
    new CfnPermission(this, id, {
      action: 'lambda:InvokeFunction',
      functionName: this.answer.functionArn,
      principal: 'elasticloadbalancing.amazonaws.com',
      sourceArn,
    })
  }
}

/** What it takes to see the rules of the load balancer. */
export const readsEntrance = (): Grant =>
  grant(
    [
      'elasticloadbalancing:DescribeListeners',
      'elasticloadbalancing:DescribeLoadBalancers',
      'elasticloadbalancing:DescribeRules',
      'elasticloadbalancing:DescribeTargetGroups',
      'elasticloadbalancing:DescribeTargetHealth',
    ],
    ['*'],
    'They know no resources; all only read.',
  )

/** What it takes to lead visitors to the page, and to their service again. */
export function movesRules(feature: Feature, hasSignIn: boolean): Grant[] {
  const { arns } = feature
  const environment = environmentOf(feature)
  return [
    grant(
      ['elasticloadbalancing:CreateRule'],
      [arns.listeners],
      'Only at the environment’s own load balancer, and only rules that carry its name.',
      { StringEquals: { [`aws:RequestTag/${TAGS.environment}`]: environment } },
    ),
    grant(
      ['elasticloadbalancing:AddTags'],
      [arns.listenerRules],
      'A rule is tagged as it is made; nothing is tagged afterwards.',
      { StringEquals: { 'elasticloadbalancing:CreateAction': 'CreateRule' } },
    ),
    grant(
      ['elasticloadbalancing:DeleteRule'],
      [arns.listenerRules],
      'Only what was made so: rules of CloudFormation’s carry no tags, and nothing else may be deleted.',
      { StringEquals: { [`aws:ResourceTag/${TAGS.environment}`]: environment } },
    ),
    grant(
      ['elasticloadbalancing:RegisterTargets'],
      hasSignIn ? [arns.wakeTargets, arns.signedInTargets] : [arns.wakeTargets],
      'Puts the function that answers visitors into its target groups, and reaches no others.',
    ),
  ]
}
