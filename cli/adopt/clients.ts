import { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling'
import { AutoScalingClient } from '@aws-sdk/client-auto-scaling'
import { CloudFormationClient } from '@aws-sdk/client-cloudformation'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { EC2Client } from '@aws-sdk/client-ec2'
import { ECRClient } from '@aws-sdk/client-ecr'
import { ECSClient } from '@aws-sdk/client-ecs'
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2'
import { RDSClient } from '@aws-sdk/client-rds'
import type { Table } from '../../functions/shared/table/table.ts'
import { configurationOf } from '../asking/configuration.ts'
import type { Place } from '../asking/place.ts'
import { type Identity, whoAmI } from '../deploy/account.ts'

/** What an account is read and changed with: the caller's own rights. */
export type Clients = {
  ecs: ECSClient
  ecr: ECRClient
  ec2: EC2Client
  rds: RDSClient
  groups: AutoScalingClient
  scaling: ApplicationAutoScalingClient
  balancing: ElasticLoadBalancingV2Client
  stacks: CloudFormationClient
  /** Caretaker's. */
  table: Table
  region: string
  identity: Identity
  /** The simulated registry's layers have addresses that lead nowhere. */
  fetch: typeof fetch
}

const ATTEMPTS = 8

/** @throws Problem where nobody is signed in. */
export async function clientsOf(place: Place): Promise<Clients> {
  // A large account is read with hundreds of calls: each may be told to come back later.
  const configuration = { ...(await configurationOf(place)), maxAttempts: ATTEMPTS }
  return {
    ecs: new ECSClient(configuration),
    ecr: new ECRClient(configuration),
    ec2: new EC2Client(configuration),
    rds: new RDSClient(configuration),
    groups: new AutoScalingClient(configuration),
    scaling: new ApplicationAutoScalingClient(configuration),
    balancing: new ElasticLoadBalancingV2Client(configuration),
    stacks: new CloudFormationClient(configuration),
    table: { client: new DynamoDBClient(configuration), name: `${place.environment}-caretaker` },
    region: place.region,
    identity: await whoAmI(configuration),
    fetch: place.endpoint === undefined ? fetch : nowhere,
  }
}

const nowhere: typeof fetch = () => Promise.reject(new Error('the registry is simulated'))
