import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda'
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions'
import type { Construct } from 'constructs'
import { KEPT_SECONDS } from '../../domain/table/common.ts'
import { pattern as deploymentChanged } from '../../events/deployment-changed.ts'
import { pattern as imagePushed } from '../../events/image-pushed.ts'
import { CARETAKER, pattern as rollOutEnded } from '../../events/roll-out-ended.ts'
import { pattern as taskStopped } from '../../events/task-stopped.ts'
import { named } from '../names.ts'
import { Feature, type FeatureProps } from './feature.ts'
import { grant } from './grant.ts'
import {
  notOfAnother,
  OPTED_IN,
  observes,
  ofServices,
  preparationRoles,
  runsTasks,
  scales,
  startsRollOuts,
  WITH_ITS_SERVICE,
} from './roll-out-grants.ts'

/**
 * Seconds a new image must stay healthy after ECS has called its deployment complete. This and the
 * deadline are the defaults: a service's tags go before them.
 */
const BAKE_SECONDS = 120
/** Seconds without progress after which a deployment that ECS has not ended is undone. */
const DEADLINE_SECONDS = 30 * 60
/** Seconds after which a deployment that no event has ended is looked at: does it make progress? */
const LOOK_SECONDS = 10 * 60

/**
 * Roll-out: a pushed image is deployed to the services whose tags take it, watched, and rolled
 * back if it does not hold.
 */
export class RollOut extends Feature {
  readonly machine: StateMachine

  constructor(scope: Construct, id: string, props: FeatureProps) {
    super(scope, id, props)
    const plan = this.#planner()
    const watch = this.#watcher()
    this.machine = this.#machine(plan, watch, props.catalog.environment.passRoles)
    this.#rules(this.#starter(), watch)
  }

  #planner(): LambdaFunction {
    return this.addFunctionWithCatalog('plan-roll-out', {
      description: 'Decides whether a service rolls out an image, and why, and claims it',
      environment: {
        TABLE_NAME: this.table.tableName,
        BAKE_SECONDS: String(BAKE_SECONDS),
        DEADLINE_SECONDS: String(DEADLINE_SECONDS),
      },
      timeoutSeconds: 60,
      grants: [
        ...observes(this, named(this, 'roll-out')),
        grant(
          ['dynamodb:PutItem', 'dynamodb:UpdateItem'],
          [this.table.tableArn],
          'Writes verdicts down and claims the service, in transactions of these two.',
        ),
        grant(
          ['states:SendTaskFailure'],
          [this.machineArn('roll-out')],
          'Ends a roll-out that fails already, for a newer push, or for a person.',
        ),
      ],
    })
  }

  #starter(): LambdaFunction {
    return this.addFunctionWithCatalog('start-roll-outs', {
      description: 'Starts a roll-out for each service that a push is for',
      environment: {
        TABLE_NAME: this.table.tableName,
        ROLL_OUT_MACHINE: this.machine.stateMachineArn,
      },
      timeoutSeconds: 60,
      grants: [
        ...startsRollOuts(this, this.machine),
        grant(
          ['dynamodb:PutItem'],
          [this.table.tableArn],
          'Writes down that a push is not taken, where no machine is started for it.',
        ),
      ],
    })
  }

  #watcher(): LambdaFunction {
    const { arns, table } = this
    return this.addFunction('watch-deployment', {
      description: 'Judges an ECS deployment and tells the machine that waits for it',
      environment: { TABLE_NAME: table.tableName, DEADLINE_SECONDS: String(DEADLINE_SECONDS) },
      timeoutSeconds: 30,
      grants: [
        grant(
          ['ecs:ListTasks', 'ecs:DescribeTaskDefinition'],
          ['*'],
          'ecs:ListTasks by service and ecs:DescribeTaskDefinition know no resources; both only read.',
        ),
        grant(['ecs:DescribeServices', 'ecs:ListServiceDeployments'], [arns.services], OPTED_IN),
        grant(
          ['ecs:DescribeServiceDeployments'],
          [arns.services, arns.serviceDeployments],
          WITH_ITS_SERVICE,
        ),
        grant(
          ['ecs:DescribeServiceRevisions'],
          [arns.services, arns.serviceRevisions],
          WITH_ITS_SERVICE,
        ),
        grant(['ecs:DescribeTasks'], [arns.tasks], OPTED_IN),
        grant(
          ['ecs:StopTask'],
          [arns.tasks],
          'Stops a task before a deployment that has not ended in its time. Conditions limit it to tasks of services, and of these to those of this environment, or of none.',
          ofServices(this),
        ),
        grant(['logs:GetLogEvents'], [arns.logStreams], OPTED_IN),
        grant(
          ['ecr:DescribeImages', 'ecr:BatchGetImage', 'ecr:ListTagsForResource'],
          [arns.repositories],
          OPTED_IN,
        ),
        grant(
          ['ecr:PutImage', 'ecr:BatchDeleteImage'],
          [arns.repositories],
          'Gives the image that runs a name, and takes it from the one before. Conditions limit it to repositories that carry the tag caretaker:service, and of these to those of this environment, or of none.',
          {
            StringLike: { 'aws:ResourceTag/caretaker:service': '*' },
            ...notOfAnother(this, 'aws:ResourceTag'),
          },
        ),
        grant(
          ['dynamodb:BatchGetItem', 'dynamodb:UpdateItem'],
          [table.tableArn],
          'Reads whose roll-out it is, keeps the token of the machine and notes progress.',
        ),
        grant(
          ['states:SendTaskSuccess', 'states:SendTaskFailure'],
          [this.machineArn('roll-out')],
          'Answers the machine that waits.',
        ),
      ],
    })
  }

  #machine(
    plan: LambdaFunction,
    watch: LambdaFunction,
    passRoles: readonly string[],
  ): StateMachine {
    const { arns, table } = this
    const machine = this.addMachine('roll-out', {
      substitutions: {
        Table: table.tableName,
        PlanRollOut: plan.functionArn,
        WatchDeployment: watch.functionArn,
        LookSeconds: String(LOOK_SECONDS),
        KeptSeconds: String(KEPT_SECONDS),
      },
      grants: [
        grant(
          ['lambda:InvokeFunction'],
          [plan.functionArn, watch.functionArn],
          'Its two functions.',
        ),
        grant(
          ['dynamodb:PutItem', 'dynamodb:UpdateItem'],
          [table.tableArn],
          'Writes the verdict, in a transaction of these two.',
        ),
        grant(
          ['ecs:RegisterTaskDefinition'],
          [arns.taskDefinitions],
          'A revision joins the family of whichever service opted in, and registering one starts nothing. A condition leaves out revisions that another environment’s tag would mark.',
          notOfAnother(this, 'aws:RequestTag'),
        ),
        grant(
          ['ecs:DescribeTaskDefinition'],
          ['*'],
          'ecs:DescribeTaskDefinition knows no resources; it only reads what a deregistered revision was.',
        ),
        grant(
          ['ecs:TagResource'],
          [arns.taskDefinitions],
          'The tags of a revision are given when it is registered, and a condition allows no other time.',
          { StringEquals: { 'ecs:CreateAction': 'RegisterTaskDefinition' } },
        ),
        grant(
          ['iam:PassRole'],
          arns.taskRoles(passRoles),
          `Only roles whose names begin with the environment's${passRoles.length > 0 ? ' or stand in passRoles of the catalog' : ''}, and, by a condition, only to ECS tasks.`,
          { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
        ),
        grant(
          ['ecs:UpdateService'],
          [arns.services],
          'Conditions limit it to services that carry the tag caretaker:repository, and of these to those of this environment, or of none: no tag, no touch.',
          {
            StringLike: { 'aws:ResourceTag/caretaker:repository': '*' },
            ...notOfAnother(this, 'aws:ResourceTag'),
          },
        ),
        ...runsTasks(this),
        scales(this, 'After the first image scaling may no longer leave a service without a task.'),
        grant(['events:PutEvents'], [arns.defaultBus], 'Announces verdicts under its own name.', {
          StringEquals: { 'events:source': CARETAKER },
        }),
      ],
    })
    // No service runs the preparation of a database, whose roles read the administrator's password.
    machine.addToRolePolicy(
      new PolicyStatement({
        effect: Effect.DENY,
        actions: ['iam:PassRole'],
        resources: preparationRoles(this),
      }),
    )
    return machine
  }

  #rules(start: LambdaFunction, watch: LambdaFunction): void {
    this.addRule('image-pushed', {
      description: 'An image was pushed with a tag: roll it out',
      pattern: imagePushed,
      target: start,
    })
    this.addRule('roll-out-ended', {
      description: 'A roll-out ended and pushes have waited for it: go on with them',
      pattern: rollOutEnded,
      target: start,
    })
    this.addRule('deployment-changed', {
      description: 'An ECS deployment ended: tell the roll-out that waits for it',
      pattern: deploymentChanged,
      target: watch,
    })
    this.addRule('task-stopped', {
      description: 'A task stopped by itself: note it on the roll-out under way',
      pattern: taskStopped,
      target: watch,
    })
  }
}
