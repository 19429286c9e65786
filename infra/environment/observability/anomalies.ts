import { Stack } from 'aws-cdk-lib'
import { CfnAnomalyMonitor, CfnAnomalySubscription } from 'aws-cdk-lib/aws-ce'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { Topic } from 'aws-cdk-lib/aws-sns'
import type { Construct } from 'constructs'
import type { Environment } from '../../../catalog/schema.ts'
import { TAGS } from '../../../domain/tags.ts'
import { environmentOf, named } from '../../names.ts'

/**
 * Lets Cost Anomaly Detection tell the topic of what it finds, at once: that is the one frequency
 * that goes to a topic.
 * https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_AnomalySubscription.html
 */
export function anomalies(scope: Construct, topic: Topic, environment: Environment): void {
  if (environment.anomalies === undefined) return
  const { monitor, above } = environment.anomalies
  const resourceTags = tagsOf(scope, environment.owner)
  const arn = monitor.startsWith('arn:')
    ? monitor
    : own(scope, monitor, resourceTags).attrMonitorArn
  mayPublish(topic)
  const subscription = new CfnAnomalySubscription(scope, 'anomaly-subscription', {
    subscriptionName: named(scope, 'anomalies'),
    frequency: 'IMMEDIATE',
    monitorArnList: [arn],
    subscribers: [{ type: 'SNS', address: topic.topicArn }],
    thresholdExpression: JSON.stringify({
      Dimensions: {
        Key: 'ANOMALY_TOTAL_IMPACT_ABSOLUTE',
        MatchOptions: ['GREATER_THAN_OR_EQUAL'],
        Values: [String(above)],
      },
    }),
    resourceTags,
  })
  // The topic's policy comes first: what may not be told then is told to nobody.
  subscription.node.addDependency(topic)
}

/** https://docs.aws.amazon.com/cost-management/latest/userguide/ad-SNS.html */
function mayPublish(topic: Topic): void {
  topic.addToResourcePolicy(
    new PolicyStatement({
      actions: ['sns:Publish'],
      principals: [new ServicePrincipal('costalerts.amazonaws.com')],
      resources: [topic.topicArn],
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(topic).account } },
    }),
  )
}

/** Each value of the owner's tag by itself, or each AWS service. */
const own = (scope: Construct, monitor: string, resourceTags: ResourceTags): CfnAnomalyMonitor =>
  new CfnAnomalyMonitor(scope, 'anomaly-monitor', {
    monitorName: named(scope, `anomalies-by-${monitor}`),
    monitorType: 'DIMENSIONAL',
    ...(monitor === 'owner'
      ? {
          monitorDimension: 'TAG',
          monitorSpecification: JSON.stringify({ Tags: { Key: TAGS.owner } }),
        }
      : { monitorDimension: 'SERVICE' }),
    resourceTags,
  })

type ResourceTags = { key: string; value: string }[]

/** CDK's tags do not reach these types. */
const tagsOf = (scope: Construct, owner: string): ResourceTags => [
  { key: TAGS.environment, value: environmentOf(scope) },
  { key: TAGS.owner, value: owner },
]
