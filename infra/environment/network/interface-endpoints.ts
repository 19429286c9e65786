import {
  InterfaceVpcEndpointAwsService,
  type ISecurityGroup,
  type IVpc,
  SubnetType,
} from 'aws-cdk-lib/aws-ec2'
import type { Environment } from '../../../catalog/schema.ts'

type Name = Environment['interfaceEndpoints'][number]

/** ECR is two services: one answers what an image is, the other speaks Docker's protocol. */
const SERVICES: Record<Name, InterfaceVpcEndpointAwsService[]> = {
  ecr: [InterfaceVpcEndpointAwsService.ECR, InterfaceVpcEndpointAwsService.ECR_DOCKER],
  logs: [InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS],
  secretsmanager: [InterfaceVpcEndpointAwsService.SECRETS_MANAGER],
  ssm: [InterfaceVpcEndpointAwsService.SSM, InterfaceVpcEndpointAwsService.SSM_MESSAGES],
  sts: [InterfaceVpcEndpointAwsService.STS],
  kms: [InterfaceVpcEndpointAwsService.KMS],
}

/** Private ways to AWS services that pass the NAT gateway by; see the catalog for when they pay. */
export function addInterfaceEndpoints(
  vpc: IVpc,
  names: readonly Name[],
  securityGroup: ISecurityGroup,
): void {
  for (const name of names) {
    for (const service of SERVICES[name]) {
      vpc.addInterfaceEndpoint(`endpoint-${service.shortName}`, {
        service,
        subnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS },
        securityGroups: [securityGroup],
        // The group says who may come.
        open: false,
      })
    }
  }
}
