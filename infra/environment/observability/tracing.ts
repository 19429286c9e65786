import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ContainerImage } from 'aws-cdk-lib/aws-ecs'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { Service } from '../../../catalog/schema.ts'
import type { Supply } from '../services/supply.ts'
import type { SharedResources } from '../shared-resources.ts'
import type { Prometheus } from './prometheus.ts'

/** AWS's build of OpenTelemetry's collector; it accepts X-Ray's own SDKs too. */
const COLLECTOR = 'public.ecr.aws/aws-observability/aws-otel-collector:v0.48.0'

/**
 * `tracing: true`: a second container, a collector, to which the service sends OpenTelemetry at
 * `OTEL_EXPORTER_OTLP_ENDPOINT`. Traces go to X-Ray and, with `parts.prometheus`, metrics to
 * Managed Prometheus. The service runs on if the collector does not.
 */
export function tracingSupply(
  { name }: Service,
  { environment, prometheus }: SharedResources,
): Supply {
  return {
    // https://opentelemetry.io/docs/languages/sdk-configuration/
    variables: {
      OTEL_SERVICE_NAME: name,
      OTEL_RESOURCE_ATTRIBUTES: `deployment.environment.name=${environment.name}`,
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4318',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
      OTEL_PROPAGATORS: 'tracecontext,xray',
    },
    permissions: [
      new PolicyStatement({
        actions: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'],
        resources: ['*'],
      }),
      ...(prometheus
        ? [new PolicyStatement({ actions: ['aps:RemoteWrite'], resources: [prometheus.arn] })]
        : []),
    ],
    wildcards: [{ resource: '*', reason: 'Traces of X-Ray know no resources.' }],
    sidecar: {
      name: 'collector',
      image: ContainerImage.fromRegistry(COLLECTOR),
      essential: false,
      command: ['--config=env:TRACES', ...(prometheus ? toPrometheus(prometheus) : [])],
      environment: {
        TRACES: configuration('traces'),
        ...(prometheus && { METRICS: configuration('metrics') }),
      },
    },
  }
}

/** Later files add to earlier ones: https://aws-otel.github.io/docs/components/confmap-providers */
const toPrometheus = ({ endpoint }: Prometheus): string[] => [
  '--config=env:METRICS',
  `--config=yaml:exporters::prometheusremotewrite::endpoint: ${endpoint}api/v1/remote_write`,
]

const configuration = (name: string): string =>
  readFileSync(join(import.meta.dirname, 'collector', `${name}.yaml`), 'utf8')
