import type { GetMetricWidgetImageInput } from '@aws-sdk/client-cloudwatch'
import type { Aws, Operations, Service } from '../aws.ts'
import { AwsError } from '../errors.ts'
import { type Tags, taggable, tagsByArn } from '../tags.ts'
import type { Alarm } from './alarm.ts'
import { alarmOperations } from './alarm-operations.ts'
import { Alarms } from './alarms.ts'
import { Dashboards } from './dashboards.ts'
import { Evaluator } from './evaluator.ts'
import { metricOperations } from './metric-operations.ts'
import { putOperations } from './put-alarm.ts'
import { Metrics } from './series.ts'
import { widgetImage } from './widget/image.ts'

/**
 * Amazon CloudWatch: metrics, alarms, mute rules, dashboards. Refused by name: log alarms, PromQL,
 * metric streams, periods under a minute, and most functions of metric math.
 */
export class CloudWatch implements Service {
  readonly id = 'cloudwatch'
  readonly operations: Operations
  /** Where AWS's services put what they measure. */
  readonly metrics = new Metrics()
  readonly evaluator: Evaluator
  readonly #alarms: Alarms
  readonly #dashboards: Dashboards

  constructor(aws: Aws) {
    const { world } = aws
    const alarms = new Alarms(aws)
    const evaluator = new Evaluator(aws, this.metrics, alarms)
    this.#alarms = alarms
    this.#dashboards = new Dashboards(aws)
    this.evaluator = evaluator
    this.operations = {
      ...metricOperations(world, this.metrics),
      ...putOperations(aws, alarms, evaluator),
      ...alarmOperations({ world, alarms, evaluator }),
      ...this.#dashboards.operations(),
      ...alarms.muteRules.operations(),
      GetMetricWidgetImage: (input: GetMetricWidgetImageInput) =>
        widgetImage({ world, metrics: this.metrics, find: (name) => alarms.find(name) }, input),
      ...taggable(
        { resource: 'ResourceARN' },
        tagsByArn(() => this.tagged(), noResource),
      ),
    }
  }

  get alarms(): readonly Alarm[] {
    return this.#alarms.all
  }

  *tagged(): Iterable<{ arn: string; tags: Tags }> {
    for (const { arn, tags } of this.alarms) yield { arn, tags }
    for (const { arn, tags } of this.#dashboards.all) yield { arn, tags }
    for (const { arn, tags } of this.#alarms.muteRules.all) yield { arn, tags }
  }
}

const noResource = (arn: string | undefined): AwsError =>
  new AwsError('ResourceNotFoundException', `Resource ${arn} does not exist`, { statusCode: 404 })
