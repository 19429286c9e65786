import { nameFrom, type ResourceType, standIn, type TypeTable } from './resource-type.ts'
import { APPLICATION_AUTO_SCALING } from './types/application-auto-scaling.ts'
import { AUTO_SCALING } from './types/auto-scaling.ts'
import { CLOUDTRAIL } from './types/cloudtrail.ts'
import { CLOUDWATCH } from './types/cloudwatch.ts'
import { COMPUTE } from './types/compute.ts'
import { DATA_STORES } from './types/data-stores.ts'
import { DELIVERY } from './types/delivery.ts'
import { DYNAMODB } from './types/dynamodb.ts'
import { EC2 } from './types/ec2.ts'
import { EC2_INSTANCE } from './types/ec2-instance.ts'
import { ECR } from './types/ecr.ts'
import { ECS } from './types/ecs.ts'
import { EDGE } from './types/edge.ts'
import { EFS } from './types/efs.ts'
import { ELASTIC_LOAD_BALANCING } from './types/elastic-load-balancing.ts'
import { ELASTICACHE } from './types/elasticache.ts'
import { EVENTS } from './types/events.ts'
import { IAM } from './types/iam.ts'
import { LAMBDA } from './types/lambda.ts'
import { LAMBDA_TRIGGERS } from './types/lambda-triggers.ts'
import { LOGS } from './types/logs.ts'
import { MANAGEMENT } from './types/management.ts'
import { RDS } from './types/rds.ts'
import { RDS_CLUSTER } from './types/rds-cluster.ts'
import { ROUTES } from './types/routes.ts'
import { S3 } from './types/s3.ts'
import { SCHEDULER } from './types/scheduler.ts'
import { SECRETS_MANAGER } from './types/secrets-manager.ts'
import { SERVICE_DISCOVERY } from './types/service-discovery.ts'
import { SNS } from './types/sns.ts'
import { SQS } from './types/sqs.ts'
import { SSM } from './types/ssm.ts'
import { STEP_FUNCTIONS } from './types/step-functions.ts'
import { VPC } from './types/vpc.ts'

const TYPES: TypeTable = {
  ...APPLICATION_AUTO_SCALING,
  ...AUTO_SCALING,
  ...CLOUDTRAIL,
  ...CLOUDWATCH,
  ...COMPUTE,
  ...DATA_STORES,
  ...DELIVERY,
  ...DYNAMODB,
  ...EC2,
  ...EC2_INSTANCE,
  ...ECR,
  ...ECS,
  ...EDGE,
  ...ELASTIC_LOAD_BALANCING,
  ...EFS,
  ...ELASTICACHE,
  ...EVENTS,
  ...IAM,
  ...LAMBDA,
  ...LAMBDA_TRIGGERS,
  ...LOGS,
  ...MANAGEMENT,
  ...RDS,
  ...ROUTES,
  ...RDS_CLUSTER,
  ...S3,
  ...SCHEDULER,
  ...SECRETS_MANAGER,
  ...SERVICE_DISCOVERY,
  ...SNS,
  ...SQS,
  ...SSM,
  ...STEP_FUNCTIONS,
  ...VPC,
}

export const NOT_KNOWN = 'not known to the local AWS'

/** Stands for every type without a row: it has a physical id, and no attributes. */
const UNKNOWN: ResourceType = standIn(NOT_KNOWN, nameFrom('', { most: 255 }))

export const resourceType = (type: string): ResourceType =>
  Object.hasOwn(TYPES, type) ? (TYPES[type] as ResourceType) : UNKNOWN

/** One type as `docs/local-aws.md` shows it. */
type TypeDescription = {
  type: string
  /** Set when only its id and attributes are there: why that is harmless. */
  standIn?: string
  properties: string[]
  without: { property: string; why: string }[]
}

/** Every type the local AWS knows, by name. */
export function simulatedTypes(): TypeDescription[] {
  return Object.entries(TYPES)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([type, { standIn: why, effect, noEffect = {} }]) => ({
      type,
      ...(why === undefined ? {} : { standIn: why }),
      properties: [...effect],
      without: Object.entries(noEffect).map(([property, reason]) => ({ property, why: reason })),
    }))
}
