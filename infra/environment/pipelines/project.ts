import { RemovalPolicy } from 'aws-cdk-lib'
import { CfnProject } from 'aws-cdk-lib/aws-codebuild'
import type { IRepository } from 'aws-cdk-lib/aws-ecr'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'
import { builtTag } from '../../../catalog/image-tag.ts'
import type { Service } from '../../../catalog/schema.ts'
import { acknowledge, acknowledgeWildcards } from '../../nag.ts'
import { named } from '../../names.ts'
import { buildspecOf } from './buildspec.ts'
import { allowPush } from './push.ts'
import { serviceRole } from './service-role.ts'

export type ProjectProps = {
  service: Service
  images: IRepository
  /** The ARN pattern of the objects that the pipeline gives it. */
  source: string
}

/** Amazon Linux 2023 with Docker, on the processor that tasks run on: nothing is emulated. */
const BUILDER: Record<Service['platform'], { type: string; image: string }> = {
  arm64: { type: 'ARM_CONTAINER', image: 'aws/codebuild/amazonlinux-aarch64-standard:3.0' },
  x86_64: { type: 'LINUX_CONTAINER', image: 'aws/codebuild/amazonlinux-x86_64-standard:5.0' },
}

/** The CodeBuild project that makes a commit an image and pushes it; $0.0034 a minute. */
export function buildProject(scope: Construct, props: ProjectProps): CfnProject {
  const { service, images, source } = props
  const name = named(scope, service.name, 'image')
  const logGroup = new LogGroup(scope, 'log', {
    logGroupName: `/aws/codebuild/${name}`,
    retention: RetentionDays.ONE_MONTH,
    removalPolicy: RemovalPolicy.DESTROY,
  })
  const role = serviceRole(scope, 'build-role', { by: 'codebuild.amazonaws.com', what: 'build' })
  const allow = (actions: string[], resources: string[]) =>
    role.addToPolicy(new PolicyStatement({ actions, resources }))
  allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [logGroup.logGroupArn])
  allow(['s3:GetObject'], [source])
  acknowledgeWildcards(role, [source], 'CodePipeline names the objects; the prefix is its own.')
  allowPush(role, images)
  const project = new CfnProject(scope, 'project', {
    name,
    description: `Builds and pushes the image of ${service.name}`,
    serviceRole: role.roleArn,
    source: { type: 'CODEPIPELINE', buildSpec: buildspecOf(scope, service.kind) },
    artifacts: { type: 'CODEPIPELINE' },
    environment: {
      ...BUILDER[service.platform],
      computeType: 'BUILD_GENERAL1_SMALL',
      // Docker inside the build's container needs it.
      privilegedMode: true,
      environmentVariables: variables(service, images),
    },
    // Layers of an earlier build, if the build gets the same machine again; costs nothing.
    cache: { type: 'LOCAL', modes: ['LOCAL_DOCKER_LAYER_CACHE'] },
    logsConfig: { cloudWatchLogs: { status: 'ENABLED', groupName: logGroup.logGroupName } },
    timeoutInMinutes: 30,
  })
  explain(project)
  return project
}

function variables(service: Service, images: IRepository) {
  const { name, port, healthPath } = service
  const values: Record<string, string | undefined> = {
    SERVICE_NAME: name,
    REPOSITORY_URI: images.repositoryUri,
    IMAGE_TAG: builtTag(service),
    PORT: port === undefined ? undefined : String(port),
    HEALTH_PATH: healthPath,
  }
  return Object.entries(values).flatMap(([key, value]) =>
    value === undefined ? [] : [{ name: key, value, type: 'PLAINTEXT' }],
  )
}

function explain(project: CfnProject): void {
  acknowledge(
    project,
    'AwsSolutions-CB3',
    'It builds images, which needs Docker; its role can only push to the one repository.',
  )
  acknowledge(
    project,
    'AwsSolutions-CB4',
    'What it keeps is the source on its way, encrypted with S3’s key; a key of our own costs $1 a month for each service.',
  )
}
