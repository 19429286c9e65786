import { ArnFormat, Stack } from 'aws-cdk-lib'
import type { ITable } from 'aws-cdk-lib/aws-dynamodb'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda'
import type { IQueue } from 'aws-cdk-lib/aws-sqs'
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions'
import { Construct } from 'constructs'
import { pattern as deploymentChanged } from '../../events/deployment-changed.ts'
import { pattern as imagePushed } from '../../events/image-pushed.ts'
import { CARETAKER, pattern as rollOutEnded } from '../../events/roll-out-ended.ts'
import { pattern as taskStopped } from '../../events/task-stopped.ts'
import { caretakerRule } from '../event-rule.ts'
import { caretakerFunction } from '../function.ts'
import { acknowledgeWildcards } from '../nag.ts'
import { caretakerStateMachine } from '../state-machine.ts'

/** Seconds a new image must stay healthy after ECS has called its deployment complete. */
const BAKE_SECONDS = 120
/** Seconds until a deployment that ECS has not ended is looked at and, if not steady, undone. */
const DEADLINE_SECONDS = 30 * 60

export type RollOutProps = {
  /** The environment's name, the prefix of every physical name. */
  environmentName: string
  table: ITable
  /** Where events go that could not be handed on. */
  deadLetters: IQueue
}

/**
 * Roll-out: a pushed image is deployed to the services whose tags take it, watched, and rolled
 * back if it does not hold.
 */
export class RollOut extends Construct {
  readonly machine: StateMachine

  constructor(scope: Construct, id: string, props: RollOutProps) {
    super(scope, id)
    const machineName = `${props.environmentName}-roll-out`
    const arn = arns(this, machineName)
    const plan = this.#planner(props.table, arn)
    const watch = this.#watcher(props.table, arn)
    this.machine = this.#machine(machineName, props.table, { plan, watch }, arn)
    explainReach({ plan, watch, machine: this.machine }, arn)
    this.#rules(watch, props.deadLetters)
  }

  #planner({ tableName: TABLE_NAME, tableArn }: ITable, arn: Arns): LambdaFunction {
    return caretakerFunction(this, 'plan-roll-out', {
      description: 'Decides which services roll out which image, and why',
      environment: { TABLE_NAME, BAKE_SECONDS: String(BAKE_SECONDS) },
      timeoutSeconds: 60,
      permissions: [
        // Neither action can be limited to a resource.
        allow(['tag:GetResources', 'ecs:DescribeTaskDefinition'], ['*']),
        allow(['ecs:DescribeServices'], [arn.services]),
        allow(['ecs:DescribeServiceRevisions'], [arn.serviceRevisions]),
        allow(
          ['ecr:DescribeImages', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
          [arn.repositories],
        ),
        allow(['dynamodb:BatchGetItem', 'dynamodb:Query'], [tableArn]),
        allow(['states:DescribeExecution'], [arn.executions]),
      ],
    })
  }

  #watcher({ tableName: TABLE_NAME, tableArn }: ITable, arn: Arns): LambdaFunction {
    return caretakerFunction(this, 'watch-deployment', {
      description: 'Judges an ECS deployment and tells the machine that waits for it',
      environment: { TABLE_NAME },
      timeoutSeconds: 30,
      permissions: [
        // ListTasks by service and DescribeTaskDefinition cannot be limited to a resource.
        allow(['ecs:ListTasks', 'ecs:DescribeTaskDefinition'], ['*']),
        allow(['ecs:DescribeServices', 'ecs:ListServiceDeployments'], [arn.services]),
        allow(['ecs:DescribeServiceDeployments'], [arn.serviceDeployments]),
        allow(['ecs:DescribeTasks'], [arn.tasks]),
        allow(['logs:GetLogEvents'], [arn.logStreams]),
        allow(['dynamodb:BatchGetItem', 'dynamodb:UpdateItem'], [tableArn]),
        allow(['states:SendTaskSuccess', 'states:SendTaskFailure'], [arn.machine]),
      ],
    })
  }

  #machine(
    name: string,
    table: ITable,
    { plan, watch }: Pick<Workers, 'plan' | 'watch'>,
    arn: Arns,
  ): StateMachine {
    return caretakerStateMachine(this, 'roll-out', {
      name,
      file: 'statemachines/roll-out.asl.json',
      substitutions: {
        Table: table.tableName,
        PlanRollOut: plan.functionArn,
        WatchDeployment: watch.functionArn,
        DeadlineSeconds: String(DEADLINE_SECONDS),
      },
      permissions: [
        allow(['lambda:InvokeFunction'], [plan.functionArn, watch.functionArn]),
        // TransactWriteItems is allowed by the actions it is made of.
        allow(['dynamodb:PutItem', 'dynamodb:UpdateItem'], [table.tableArn]),
        allow(['ecs:RegisterTaskDefinition'], [arn.taskDefinitions]),
        allow(['ecs:TagResource'], [arn.taskDefinitions], {
          StringEquals: { 'ecs:CreateAction': 'RegisterTaskDefinition' },
        }),
        allow(['iam:PassRole'], [arn.taskRoles], {
          StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' },
        }),
        // No tag, no touch: IAM itself refuses a service that has not opted in.
        allow(['ecs:UpdateService'], [arn.services], {
          StringLike: { 'aws:ResourceTag/caretaker:repository': '*' },
        }),
        allow(['events:PutEvents'], [arn.defaultBus], {
          StringEquals: { 'events:source': CARETAKER },
        }),
      ],
    })
  }

  #rules(watch: LambdaFunction, deadLetters: IQueue): void {
    caretakerRule(this, 'image-pushed', {
      description: 'An image was pushed with a tag: roll it out',
      pattern: imagePushed,
      target: this.machine,
      deadLetters,
    })
    caretakerRule(this, 'roll-out-ended', {
      description: 'A roll-out ended and pushes have waited for it: go on with them',
      pattern: rollOutEnded,
      target: this.machine,
      deadLetters,
    })
    caretakerRule(this, 'deployment-changed', {
      description: 'An ECS deployment ended: tell the roll-out that waits for it',
      pattern: deploymentChanged,
      target: watch,
      deadLetters,
    })
    caretakerRule(this, 'task-stopped', {
      description: 'A task stopped by itself: note it on the roll-out under way',
      pattern: taskStopped,
      target: watch,
      deadLetters,
    })
  }
}

type Workers = { plan: LambdaFunction; watch: LambdaFunction; machine: StateMachine }

/** Why these roles reach more than one resource: whoever carries the tags is looked after. */
function explainReach({ plan, watch, machine }: Workers, arn: Arns): void {
  const reads =
    'Reads only. Any service and repository of the account may opt in by its tags, so none can be named when this is deployed.'
  acknowledgeWildcards(
    plan,
    ['*'],
    'tag:GetResources and ecs:DescribeTaskDefinition know no resources; both only read.',
  )
  acknowledgeWildcards(plan, [arn.services, arn.serviceRevisions, arn.repositories], reads)
  acknowledgeWildcards(
    plan,
    [arn.executions],
    'Executions of the one machine, read to see whether a roll-out is still alive.',
  )
  acknowledgeWildcards(
    watch,
    ['*'],
    'ecs:ListTasks by service and ecs:DescribeTaskDefinition know no resources; both only read.',
  )
  acknowledgeWildcards(
    watch,
    [arn.services, arn.serviceDeployments, arn.tasks, arn.logStreams],
    reads,
  )
  acknowledgeWildcards(
    machine,
    [arn.taskDefinitions],
    'A revision joins the family of whichever service opted in, and registering one starts nothing.',
  )
  acknowledgeWildcards(
    machine,
    [arn.services],
    'A condition limits it to services that carry the tag caretaker:repository.',
  )
  acknowledgeWildcards(
    machine,
    [arn.taskRoles],
    "Only roles whose names begin with the environment's, and, by a condition, only to ECS tasks.",
  )
}

function allow(
  actions: string[],
  resources: string[],
  conditions?: Record<string, Record<string, string>>,
): PolicyStatement {
  return new PolicyStatement({ actions, resources, ...(conditions && { conditions }) })
}

type Arns = ReturnType<typeof arns>

/** The resources roll-out reads and writes. What it may change is narrowed by tags, not by names. */
function arns(scope: Construct, machineName: string) {
  const stack = Stack.of(scope)
  const of = (service: string, resource: string, resourceName: string) =>
    stack.formatArn({ service, resource, resourceName })
  const colon = (service: string, resource: string, resourceName: string) =>
    stack.formatArn({ service, resource, resourceName, arnFormat: ArnFormat.COLON_RESOURCE_NAME })
  return {
    services: of('ecs', 'service', '*'),
    serviceRevisions: of('ecs', 'service-revision', '*'),
    serviceDeployments: of('ecs', 'service-deployment', '*'),
    tasks: of('ecs', 'task', '*'),
    taskDefinitions: of('ecs', 'task-definition', '*'),
    repositories: of('ecr', 'repository', '*'),
    taskRoles: stack.formatArn({
      service: 'iam',
      region: '',
      resource: 'role',
      resourceName: `${machineName.replace(/roll-out$/, '')}*`,
    }),
    logStreams: colon('logs', 'log-group', '*:log-stream:*'),
    machine: colon('states', 'stateMachine', machineName),
    executions: colon('states', 'execution', `${machineName}:*`),
    defaultBus: of('events', 'event-bus', 'default'),
  }
}
