import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib'
import type { IRepository } from 'aws-cdk-lib/aws-ecr'
import {
  ContainerImage,
  CpuArchitecture,
  FargateTaskDefinition,
  type HealthCheck,
  LogDriver,
  OperatingSystemFamily,
} from 'aws-cdk-lib/aws-ecs'
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'
import type { Service } from '../../catalog/schema.ts'
import { acknowledge } from '../nag.ts'
import { environmentOf, named } from '../names.ts'

/** Never started: the service has no tasks until its first image is pushed (ADR 0005). */
const PLACEHOLDER_IMAGE = 'public.ecr.aws/docker/library/busybox:stable'
/** Tells the control plane that no image of the service's own has run yet. */
const PLACEHOLDER_LABEL = { 'caretaker.placeholder': 'true' }

/** What a task of the service is: one container, its roles, its log. */
export function taskDefinition(
  scope: Construct,
  service: Service,
  images: IRepository,
): FargateTaskDefinition {
  const { name, port } = service
  const definition = new FargateTaskDefinition(scope, 'task', {
    family: named(scope, name),
    cpu: service.cpu,
    memoryLimitMiB: service.memory,
    runtimePlatform: {
      cpuArchitecture: CpuArchitecture.ARM64,
      operatingSystemFamily: OperatingSystemFamily.LINUX,
    },
    taskRole: role(scope, 'task', service, {
      // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
      StringEquals: { 'aws:SourceAccount': Stack.of(scope).account },
    }),
    executionRole: executionRole(scope, service, images),
  })
  definition.addContainer(name, {
    containerName: name,
    image: ContainerImage.fromRegistry(PLACEHOLDER_IMAGE),
    dockerLabels: PLACEHOLDER_LABEL,
    ...(port !== undefined && { portMappings: [{ containerPort: port }] }),
    environment: {
      SERVICE_NAME: name,
      ENVIRONMENT: environmentOf(scope),
      ...(port !== undefined && { PORT: String(port) }),
    },
    logging: LogDriver.awsLogs({ streamPrefix: name, logGroup: logGroup(scope, name) }),
    ...(service.healthCommand && { healthCheck: healthCheck(service.healthCommand) }),
  })
  acknowledge(
    definition,
    'AwsSolutions-ECS2',
    'The variables are the name, the environment and the port of the service; nothing secret.',
  )
  return definition
}

function logGroup(scope: Construct, name: string): LogGroup {
  return new LogGroup(scope, 'log', {
    logGroupName: `/${named(scope, name)}`,
    retention: RetentionDays.ONE_MONTH,
    removalPolicy: RemovalPolicy.DESTROY,
  })
}

/** A bad task is found within half a minute, a slow starter has one to begin with. */
function healthCheck(command: string): HealthCheck {
  return {
    command: ['CMD-SHELL', command],
    interval: Duration.seconds(10),
    timeout: Duration.seconds(5),
    retries: 3,
    startPeriod: Duration.seconds(60),
  }
}

/** What ECS needs to start a task: pull the service's images and write its log. */
function executionRole(scope: Construct, service: Service, images: IRepository): Role {
  const execution = role(scope, 'execution', service)
  images.grantPull(execution)
  acknowledge(
    execution,
    'AwsSolutions-IAM5[Resource::*]',
    'ecr:GetAuthorizationToken knows no resources; pulling is limited to the one repository.',
  )
  return execution
}

/** The control plane may pass a role whose name begins with the environment's, and no other. */
function role(
  scope: Construct,
  kind: 'task' | 'execution',
  { name }: Service,
  conditions: Record<string, Record<string, string>> = {},
): Role {
  return new Role(scope, `${kind}-role`, {
    roleName: named(scope, name, kind),
    assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com', { conditions }),
  })
}
