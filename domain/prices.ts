import { PRICE_LIST } from './price-list.ts'

/**
 * List prices in US dollars, us-east-1, read in November 2026, free tiers and discounts left aside.
 * Frankfurt is some 10 to 20 % above them. A month is 730 hours.
 */
export const HOURS_A_MONTH = 730

/** What Caretaker itself costs a month, its secrets among it: `npm run bench` counts it. */
export const CARETAKER_MONTH = 1.6

export const PRICES = {
  /** https://aws.amazon.com/fargate/pricing/ (Linux on ARM) */
  fargateVcpuHour: 0.03238,
  fargateGigabyteHour: 0.00356,
  /** Linux on x86 */
  fargateX86VcpuHour: 0.04048,
  fargateX86GigabyteHour: 0.004445,
  /** Spare capacity has no list price; AWS says “up to 70 % off”. Reckoned with as much. */
  fargateSpotShare: 0.3,
  /** https://aws.amazon.com/vpc/pricing/ */
  natGatewayHour: 0.045,
  natGatewayGigabyte: 0.045,
  publicAddressHour: 0.005,
  /** https://aws.amazon.com/privatelink/pricing/ for each zone. */
  interfaceEndpointHour: 0.01,
  /** https://aws.amazon.com/elasticloadbalancing/pricing/ without capacity units. */
  loadBalancerHour: 0.0225,
  loadBalancerCapacityUnitHour: 0.008,
  /** https://aws.amazon.com/rds/postgresql/pricing/ (single zone) */
  databaseHour: PRICE_LIST.postgres,
  databaseGigabyteMonth: 0.115,
  /** https://aws.amazon.com/elasticache/pricing/ (Valkey) */
  cacheHour: { 'cache.t4g.micro': 0.0128, 'cache.t4g.small': 0.0256 },
  /** https://aws.amazon.com/ec2/pricing/on-demand/ and https://aws.amazon.com/ebs/pricing/ */
  instanceHour: PRICE_LIST.instance,
  diskGigabyteMonth: 0.08,
  /** https://aws.amazon.com/secrets-manager/pricing/ */
  secretMonth: 0.4,
  /** https://aws.amazon.com/cloudwatch/pricing/ */
  alarmMonth: 0.1,
  dashboardMonth: 3,
  metricMonth: 0.3,
  logGigabyte: 0.5,
  /** Of DescribeAlarms and its like, beyond a million a month. */
  metricCall: 0.01 / 1000,
  /** Of GetMetricData: each metric of a call, however much data it has. */
  metricRead: 0.01 / 1000,
  /** https://aws.amazon.com/kms/pricing/ */
  keyMonth: 1,
  /** https://aws.amazon.com/eks/pricing/ */
  kubernetesHour: 0.1,
  /** https://aws.amazon.com/efs/pricing/, https://aws.amazon.com/s3/pricing/, https://aws.amazon.com/ecr/pricing/ */
  fileGigabyteMonth: 0.3,
  bucketGigabyteMonth: 0.023,
  imageGigabyteMonth: 0.1,
  /** https://aws.amazon.com/codebuild/pricing/ (arm1.small), https://aws.amazon.com/codepipeline/pricing/ (V2) */
  buildMinute: 0.0034,
  pipelineMinute: 0.002,
  /** https://aws.amazon.com/prometheus/pricing/, https://aws.amazon.com/grafana/pricing/ */
  prometheusMillion: 0.09,
  grafanaEditor: 9,
  /** https://aws.amazon.com/step-functions/pricing/ (Standard), https://aws.amazon.com/lambda/pricing/ (arm64) */
  stateTransition: 0.025 / 1000,
  lambdaRequest: 0.2 / 1_000_000,
  lambdaGigabyteSecond: 0.0000133334,
  /** https://aws.amazon.com/dynamodb/pricing/on-demand/ (a consistent read of up to 4 KB) */
  tableReadUnit: 0.125 / 1_000_000,
  /** Of an item of up to 1 KB. */
  tableWriteUnit: 0.625 / 1_000_000,
  /** https://aws.amazon.com/aws-cost-management/aws-cost-explorer/pricing/ */
  costExplorerRequest: 0.01,
  /** https://aws.amazon.com/eventbridge/pricing/ (Scheduler) */
  scheduleFiring: 1 / 1_000_000,
} as const
