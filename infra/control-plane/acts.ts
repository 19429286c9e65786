import { CfnOutput, SecretValue } from 'aws-cdk-lib'
import { FunctionUrlAuthType, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda'
import { Secret } from 'aws-cdk-lib/aws-secretsmanager'
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions'
import type { Construct } from 'constructs'
import { ENTRANCE_AT_ONCE } from '../../catalog/entrance.ts'
import { CARETAKER } from '../../events/roll-out-ended.ts'
import { acknowledge } from '../nag.ts'
import { named, secretNamed } from '../names.ts'
import { handleAsynchronously } from './event-rule.ts'
import { Feature, type FeatureProps } from './feature.ts'
import { type Grant, grant } from './grant.ts'
import { OPTED_IN, observes } from './roll-out-grants.ts'

export type ActsProps = FeatureProps & {
  rollOut: IStateMachine
  sleep: IStateMachine
  /** The bot token's. */
  slack: Secret
}

/** What people start by their acts. */
type Machines = { rollOut: IStateMachine; sleep: IStateMachine }

/**
 * Acts: what people ask for and do. Two entrances, one that takes what Slack has signed and one that
 * takes what AWS has signed; behind both is `functions/shared/acts`.
 */
export class Acts extends Feature {
  constructor(scope: Construct, id: string, { rollOut, sleep, slack, ...props }: ActsProps) {
    super(scope, id, props)
    const { entranceLimit } = props.catalog.environment.parts
    const machines = { rollOut, sleep }
    this.#fromSlack(this.#answerSlack(machines, slack), entranceLimit)
    this.#fromAws(machines)
  }

  #fromSlack(answer: LambdaFunction, isLimited: boolean): void {
    const { table } = this
    const secret = new Secret(this, 'signing', {
      secretName: secretNamed(this, 'caretaker', 'slack-signing'),
      description:
        'Signing secret of the Slack app, or two while one is replaced; put it in by hand',
      // Known to everybody who reads the template, so that it must be no secret: too short to be one.
      secretStringValue: SecretValue.unsafePlainText('none'),
    })
    acknowledge(
      secret,
      'AwsSolutions-SMG4',
      'Slack issues it; no function of ours can make a new one. It is rotated by putting in two.',
    )
    const receive = this.addFunction('receive-slack', {
      description: 'Takes what Slack has signed, each signature once, and hands it on',
      environment: {
        TABLE_NAME: table.tableName,
        SIGNING_SECRET: secret.secretArn,
        ANSWER_FUNCTION: answer.functionArn,
      },
      timeoutSeconds: 10,
      ...(isLimited && { reservedConcurrency: ENTRANCE_AT_ONCE }),
      grants: [
        grant(['secretsmanager:GetSecretValue'], [secret.secretArn], 'The signing secrets.'),
        grant(
          ['dynamodb:PutItem'],
          [table.tableArn],
          'Notes each signature, so that it counts once.',
        ),
        grant(['lambda:InvokeFunction'], [answer.functionArn], 'Hands on what was signed.'),
      ],
    })
    const { url } = receive.addFunctionUrl({ authType: FunctionUrlAuthType.NONE })
    this.#output('ReceiveSlackUrl', url, 'The request URL of the Slack app (docs/slack.md)')
  }

  #answerSlack(machines: Machines, slack: Secret): LambdaFunction {
    const answer = this.addFunctionWithCatalog('answer-slack', {
      description: 'Carries out what somebody asked for in Slack, and answers there',
      environment: {
        TABLE_NAME: this.table.tableName,
        ROLL_OUT_MACHINE: machines.rollOut.stateMachineArn,
        SLEEP_MACHINE: machines.sleep.stateMachineArn,
        SLACK_SECRET: slack.secretArn,
      },
      timeoutSeconds: 60,
      grants: [
        ...this.#acts(machines),
        grant(['secretsmanager:GetSecretValue'], [slack.secretArn], 'Answers in threads.'),
      ],
    })
    handleAsynchronously(answer, this.deadLetters)
    return answer
  }

  #fromAws(machines: Machines): void {
    const answer = this.addFunctionWithCatalog('answer-caller', {
      description: 'Carries out what somebody with AWS credentials asks for, and answers',
      environment: {
        TABLE_NAME: this.table.tableName,
        ROLL_OUT_MACHINE: machines.rollOut.stateMachineArn,
        SLEEP_MACHINE: machines.sleep.stateMachineArn,
      },
      timeoutSeconds: 60,
      grants: this.#acts(machines),
    })
    const { url } = answer.addFunctionUrl({ authType: FunctionUrlAuthType.AWS_IAM })
    this.#output('AnswerCallerUrl', url, 'Where `npx caretaker` asks')
  }

  /** What it takes to carry out every act of `functions/shared/acts`. */
  #acts({ rollOut, sleep }: Machines): Grant[] {
    const { arns, table } = this
    return [
      ...observes(this, named(this, 'roll-out')),
      grant(
        ['ecs:ListTasks'],
        ['*'],
        'ecs:ListTasks by service knows no resources; it only reads, to find a task’s log.',
      ),
      grant(['logs:GetLogEvents'], [arns.logStreams], OPTED_IN),
      grant(
        ['dynamodb:PutItem', 'dynamodb:UpdateItem'],
        [table.tableArn],
        'Pins, freezes, keeps awake and puts to sleep, acknowledges and mutes; uses a button’s intent up; leaves receipts.',
      ),
      grant(['events:PutEvents'], [arns.defaultBus], 'Hands on whose a resource is.', {
        StringEquals: { 'events:source': CARETAKER },
      }),
      grant(
        ['states:StartExecution'],
        [rollOut.stateMachineArn, sleep.stateMachineArn],
        'Starts the roll-outs asked for, and puts to sleep and wakes.',
      ),
    ]
  }

  #output(id: string, value: string, description: string): void {
    const output = new CfnOutput(this, id, { value, description })
    output.overrideLogicalId(id)
  }
}
