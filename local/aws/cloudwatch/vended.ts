import type { Aws, AwsEvent } from '../aws.ts'
import { ElasticLoadBalancing } from '../elastic-load-balancing/elastic-load-balancing.ts'
import { EventBridge } from '../eventbridge/eventbridge.ts'
import type { Invoked } from '../lambda/invoker.ts'
import { Lambda } from '../lambda/lambda.ts'
import type { Asked } from '../lambda/url/entrance.ts'
import { CloudWatch } from './cloudwatch.ts'
import { Gauges } from './gauges.ts'
import { publishPresence } from './presence.ts'
import { type Metrics, single } from './series.ts'

/**
 * The metrics that AWS's own services publish, as far as something in the simulation causes them:
 *
 * - AWS/Lambda: Invocations, Errors, Throttles, Duration, ConcurrentExecutions; of URLs
 *   UrlRequestCount, Url4xxCount, Url5xxCount, UrlRequestLatency
 * - AWS/Events: TriggeredRules
 * - AWS/States: ExecutionsStarted, -Succeeded, -Failed, -TimedOut, -Aborted, ExecutionTime
 * - AWS/ApplicationELB: RequestCount, of requests that had a target
 * - those of `gauges.ts`, for metrics that alarms evaluate
 * - those of `presence.ts`, for whoever reads them: alarms see of these only what scenarios set
 *
 * The services are those of the account at this moment.
 *
 * CPU and memory are those of something that nobody uses, response times and HTTP codes have no cause
 * here: scenarios set them.
 */
export function publishVended(aws: Aws): void {
  const cloudwatch = aws.the(CloudWatch)
  const { metrics } = cloudwatch
  aws.find(EventBridge)?.onTriggered((RuleName) => {
    const id = { namespace: 'AWS/Events', name: 'TriggeredRules', dimensions: { RuleName } }
    metrics.put(id, single(aws.world.now, 1, 'Count'))
  })
  aws.find(Lambda)?.onInvoked((invoked) => countInvocation(metrics, invoked))
  aws.find(Lambda)?.entrance.listeners.add((asked) => countRequest(metrics, asked))
  aws.onEvent((event) => {
    if (event.source === 'aws.states') countExecution(metrics, event, aws.world.now)
  })
  aws.find(ElasticLoadBalancing)?.watchRequests((LoadBalancer, TargetGroup) => {
    for (const dimensions of [{ LoadBalancer }, { LoadBalancer, TargetGroup }]) {
      const id = { namespace: 'AWS/ApplicationELB', name: 'RequestCount', dimensions }
      metrics.put(id, single(aws.world.now, 1, 'Count'))
    }
  })
  publishPresence(aws, cloudwatch)
  new Gauges(aws, cloudwatch).start()
}

/**
 * An invocation counts as one error or none, so that both are averaged.
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
 */
function countInvocation(metrics: Metrics, invoked: Invoked): void {
  const { functionName, outcome, duration, concurrent } = invoked
  const at = invoked.at.getTime()
  const put = (name: string, value: number, unit: string) => {
    for (const dimensions of [{ FunctionName: functionName }, {}]) {
      metrics.put({ namespace: 'AWS/Lambda', name, dimensions }, single(at, value, unit))
    }
  }
  put('Throttles', outcome === 'throttled' ? 1 : 0, 'Count')
  if (outcome === 'throttled') return
  put('Invocations', 1, 'Count')
  put('Errors', outcome === 'error' ? 1 : 0, 'Count')
  put('Duration', duration, 'Milliseconds')
  put('ConcurrentExecutions', concurrent, 'Count')
}

/** https://docs.aws.amazon.com/lambda/latest/dg/urls-monitoring.html#urls-cloudwatch */
function countRequest(metrics: Metrics, { functionName, at, statusCode, latency }: Asked): void {
  const put = (name: string, value: number, unit: string) => {
    const dimensions = { FunctionName: functionName }
    const id = { namespace: 'AWS/Lambda', name, dimensions }
    metrics.put(id, single(at.getTime(), value, unit))
  }
  const hundreds = Math.floor(statusCode / 100)
  put('UrlRequestCount', 1, 'Count')
  put('Url4xxCount', hundreds === 4 ? 1 : 0, 'Count')
  put('Url5xxCount', hundreds === 5 ? 1 : 0, 'Count')
  put('UrlRequestLatency', latency, 'Milliseconds')
}

const EXECUTIONS: Readonly<Record<string, string>> = {
  RUNNING: 'ExecutionsStarted',
  SUCCEEDED: 'ExecutionsSucceeded',
  FAILED: 'ExecutionsFailed',
  TIMED_OUT: 'ExecutionsTimedOut',
  ABORTED: 'ExecutionsAborted',
}

/** https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html */
function countExecution(metrics: Metrics, { detail }: AwsEvent, now: number): void {
  const { stateMachineArn, status, startDate, stopDate } = detail
  const dimensions = { StateMachineArn: String(stateMachineArn) }
  const put = (name: string, value: number, unit: string) =>
    metrics.put({ namespace: 'AWS/States', name, dimensions }, single(now, value, unit))
  const name = EXECUTIONS[String(status)]
  if (name !== undefined) put(name, 1, 'Count')
  if (typeof stopDate === 'number')
    put('ExecutionTime', stopDate - Number(startDate), 'Milliseconds')
}
