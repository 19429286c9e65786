import { Stack } from 'aws-cdk-lib'
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda'
import { CfnScheduleGroup } from 'aws-cdk-lib/aws-scheduler'
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions'
import type { Construct } from 'constructs'
import { LEDGER, MOVES, NIGHT, SAVINGS, SLEEP, SLEEP_FACT } from '../../domain/table/keys.ts'
import { TAGS } from '../../domain/tags.ts'
import { named } from '../names.ts'
import { Feature, type FeatureProps } from './feature.ts'
import { type Grant, grant, inPartitions } from './grant.ts'
import { notOfAnother, OPTED_IN, scales } from './roll-out-grants.ts'
import { movesRules, readsEntrance, Visitors } from './visitors.ts'

const CARRIES =
  'Any may opt in by its tags, so none can be named when this is deployed; a condition asks for a schedule and this environment in the tags of'

/** What carries a schedule, and belongs to no other environment, at the moment of the call. */
function optedIn(feature: Feature) {
  return {
    ...notOfAnother(feature, 'aws:ResourceTag'),
    Null: { [`aws:ResourceTag/${TAGS.schedule}`]: 'false' },
  }
}

/** What it takes to see what sleeps and wakes: the grants of whoever calls `gather`. */
export function seesSleepers({ arns }: Feature): Grant[] {
  return [
    grant(
      [
        'application-autoscaling:DescribeScalableTargets',
        'autoscaling:DescribeAutoScalingGroups',
        'ec2:DescribeInstances',
        'ec2:DescribeInstanceStatus',
        'ec2:DescribeInstanceTypes',
        'ecs:ListTasks',
      ],
      ['*'],
      'They know no resources here; all only read.',
    ),
    readsEntrance(),
    grant(
      ['ecs:DescribeTasks'],
      [arns.tasks],
      'Reads only: which tasks belong to no service, before what they may need would sleep.',
    ),
    grant(
      ['rds:DescribeDBInstances'],
      [arns.databases],
      'Reads only. Any database may opt in by its tags.',
    ),
    grant(
      ['rds:DescribeDBClusters'],
      [arns.databaseClusters],
      'Reads only. Any cluster may opt in by its tags.',
    ),
  ]
}

/**
 * Sleep: what carries a schedule sleeps and wakes by it, in order. One machine moves both ways: who
 * keeps one service awake turns it around while the others go to sleep (docs/adr/0025-sleep.md).
 */
export class Sleep extends Feature {
  readonly machine: StateMachine

  constructor(scope: Construct, id: string, props: FeatureProps) {
    super(scope, id, props)
    const group = new CfnScheduleGroup(this, 'edges', { name: named(this, 'sleep') })
    const role = this.#clockRole()
    const { answer } = new Visitors(this, 'visitors', props)
    const plan = this.#planner(group, role, answer)
    this.machine = this.addMachine('sleep', {
      substitutions: { PlanSleep: plan.functionArn, Table: this.table.tableName },
      grants: [
        grant(['lambda:InvokeFunction'], [plan.functionArn], 'Its one function.'),
        grant(
          ['dynamodb:GetItem'],
          [this.table.tableArn],
          'Reads the calls that it is to make. A condition limits it to these.',
          inPartitions(`${MOVES}*`),
        ),
        ...this.#moves(),
        ...movesRules(this, props.catalog.environment.signIn !== undefined),
      ],
    })
  }

  /** What it takes to put something to sleep, and to wake it. */
  #moves() {
    const { arns } = this
    return [
      grant(
        ['ecs:UpdateService'],
        [arns.services],
        `Sets how many tasks a service has. ${CARRIES} the service.`,
        optedIn(this),
      ),
      grant(
        ['ec2:StartInstances', 'ec2:StopInstances'],
        [arns.instances],
        `${CARRIES} the instance.`,
        optedIn(this),
      ),
      grant(
        [
          'autoscaling:UpdateAutoScalingGroup',
          'autoscaling:SuspendProcesses',
          'autoscaling:ResumeProcesses',
        ],
        [arns.groups],
        `${CARRIES} the group.`,
        optedIn(this),
      ),
      grant(
        ['rds:StartDBInstance', 'rds:StopDBInstance'],
        [arns.databases],
        `${CARRIES} the database.`,
        optedIn(this),
      ),
      grant(
        ['rds:StartDBCluster', 'rds:StopDBCluster'],
        [arns.databaseClusters],
        `${CARRIES} the cluster.`,
        optedIn(this),
      ),
      scales(this, 'Holds down what scales a service while it sleeps.'),
    ]
  }

  /** Scheduler acts for the group; the machine's own name is known before the machine is. */
  #clockRole(): Role {
    const { account } = Stack.of(this)
    const role = new Role(this, 'clock-role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': account } },
      }),
    })
    role.addToPolicy(
      new PolicyStatement({
        actions: ['states:StartExecution'],
        resources: [this.machineArn('sleep')],
      }),
    )
    role.addToPolicy(
      new PolicyStatement({
        actions: ['sqs:SendMessage'],
        resources: [this.deadLetters.queueArn],
      }),
    )
    return role
  }

  /** What it takes to keep what is known of all that sleeps. */
  #keeps(): Grant[] {
    return [
      grant(
        ['dynamodb:Query', 'dynamodb:BatchGetItem'],
        [this.table.tableArn],
        'Reads what is kept of everything that sleeps, and which services roll out.',
      ),
      grant(
        ['dynamodb:PutItem', 'dynamodb:UpdateItem'],
        [this.table.tableArn],
        'Keeps sizes before they change, who moves things, what people are told, and what has slept. A condition limits it to these.',
        inPartitions(SLEEP, LEDGER, `${MOVES}*`, `${NIGHT}*`, `${SLEEP_FACT}*`, `${SAVINGS}*`),
      ),
      grant(
        ['dynamodb:DeleteItem'],
        [this.table.tableArn],
        'Forgets what is gone. A condition limits it to what sleeps.',
        inPartitions(SLEEP),
      ),
    ]
  }

  #planner(group: CfnScheduleGroup, clock: Role, answer: LambdaFunction): LambdaFunction {
    const { arns, table } = this
    const stack = Stack.of(this)
    const machine = this.machineArn('sleep')
    const name = named(this, 'sleep')
    return this.addFunctionWithCatalog('plan-sleep', {
      description: 'Decides what sleeps and wakes now, and writes down the calls that do it',
      environment: {
        TABLE_NAME: table.tableName,
        SCHEDULE_GROUP: name,
        SCHEDULE_ROLE: clock.roleArn,
        SLEEP_MACHINE: machine,
        ANSWER_VISITOR: answer.functionArn,
        DEAD_LETTERS: this.deadLetters.queueArn,
      },
      timeoutSeconds: 240,
      grants: [
        ...seesSleepers(this),
        grant(
          ['tag:GetResources', 'ecs:DescribeTaskDefinition'],
          ['*'],
          'They know no resources; both only read: what may sleep, and how large its tasks are.',
        ),
        grant(
          ['cloudwatch:GetMetricData'],
          ['*'],
          'It knows no resources, and only reads: whether somebody uses what a visitor has woken, and what may sleep by idleness.',
        ),
        grant(['ecs:DescribeServices'], [arns.services], OPTED_IN),
        ...this.#keeps(),
        grant(
          ['states:DescribeExecution'],
          [arns.executions(name)],
          'Whether the execution that moves things still runs.',
        ),
        grant(
          ['scheduler:CreateSchedule'],
          [
            stack.formatArn({
              service: 'scheduler',
              resource: 'schedule',
              resourceName: `${group.name}/*`,
            }),
          ],
          'Only in this group: the clock of the next edges.',
        ),
        grant(['iam:PassRole'], [clock.roleArn], 'A schedule starts the machine by this role.', {
          StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' },
        }),
      ],
    })
  }
}
