import { App, CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib'
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb'
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda'
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources'
import { Schedule, ScheduleExpression } from 'aws-cdk-lib/aws-scheduler'
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets'
import { Topic } from 'aws-cdk-lib/aws-sns'
import { Queue } from 'aws-cdk-lib/aws-sqs'
import { DefinitionBody, StateMachine } from 'aws-cdk-lib/aws-stepfunctions'

/**
 * An app that has nothing to do with Caretaker: a queue of orders, a function that takes them and
 * starts a state machine for each, which waits for the payment and notes the order as shipped; a
 * schedule that counts each evening; and an alarm for orders that nobody could read.
 */
export function orderWorker(outdir = '.cache/order-worker'): App {
  const app = new App({ outdir })
  const stack = new Stack(app, 'Orders', { env: { region: 'eu-west-1' } })
  const failed = new Queue(stack, 'Failed')
  const queue = new Queue(stack, 'Queue', {
    queueName: 'orders',
    visibilityTimeout: Duration.seconds(60),
    deadLetterQueue: { queue: failed, maxReceiveCount: 3 },
  })
  new CfnOutput(stack, 'QueueUrl', { value: queue.queueUrl })
  const table = new Table(stack, 'Table', {
    tableName: 'orders',
    partitionKey: { name: 'id', type: AttributeType.STRING },
    billingMode: BillingMode.PAY_PER_REQUEST,
    removalPolicy: RemovalPolicy.DESTROY,
  })
  const shipping = new StateMachine(stack, 'Shipping', {
    stateMachineName: 'shipping',
    definitionBody: DefinitionBody.fromString(JSON.stringify(SHIPPING)),
  })
  table.grantWriteData(shipping)
  const worker = functionOf(stack, 'Worker', { SHIPPING: shipping.stateMachineArn })
  worker.addEventSource(new SqsEventSource(queue, { batchSize: 1 }))
  shipping.grantStartExecution(worker)
  const report = functionOf(stack, 'Report', { TABLE: table.tableName })
  table.grantReadData(report)
  new Schedule(stack, 'Evening', {
    schedule: ScheduleExpression.cron({ hour: '18', minute: '0' }),
    target: new LambdaInvoke(report, {}),
  })
  const alarm = new Alarm(stack, 'Unread', {
    alarmName: 'orders-unread',
    metric: failed.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1) }),
    threshold: 1,
    evaluationPeriods: 1,
  })
  alarm.addAlarmAction(new SnsAction(new Topic(stack, 'People')))
  return app
}

/** The code is TypeScript beside this file; a build would bundle it. */
const functionOf = (stack: Stack, id: string, environment: Record<string, string>) =>
  new LambdaFunction(stack, id, {
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: Code.fromInline('// made by the build'),
    environment,
  })

/** JSONata, which is what the local AWS runs. */
const SHIPPING = {
  QueryLanguage: 'JSONata',
  StartAt: 'AwaitPayment',
  States: {
    AwaitPayment: { Type: 'Wait', Seconds: 3600, Next: 'NoteShipped' },
    NoteShipped: {
      Type: 'Task',
      Resource: 'arn:aws:states:::dynamodb:putItem',
      Arguments: {
        TableName: 'orders',
        Item: { id: { S: '{% $states.input.id %}' }, status: { S: 'shipped' } },
      },
      End: true,
    },
  },
}
