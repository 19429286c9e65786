import { createHash } from 'node:crypto'
import { CfnPipeline } from 'aws-cdk-lib/aws-codepipeline'
import type { IRepository } from 'aws-cdk-lib/aws-ecr'
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam'
import type { IBucket } from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'
import type { Service } from '../../../catalog/schema.ts'
import { acknowledgeWildcards } from '../../nag.ts'
import { named } from '../../names.ts'
import type { Source } from './github-actions.ts'
import { buildProject } from './project.ts'
import { serviceRole } from './service-role.ts'

export type PipelineProps = {
  service: Service
  source: Source
  /** ARN of the connection by which the repository is read. */
  connection: string
  images: IRepository
  /** The environment's, for what one step gives to the next. */
  artifacts: IBucket
}

/**
 * Pipeline: from a commit to a pushed image. It has no step that deploys: the push does, whoever
 * pushes. Of commits that come while it builds, only the newest is built next.
 */
export class Pipeline extends Construct {
  constructor(scope: Construct, id: string, props: PipelineProps) {
    super(scope, id)
    const { service, source, connection, artifacts: bucket } = props
    const name = pipelineName(this, service.name)
    const objects = bucket.arnForObjects(`${artifactPrefix(name)}/*`)
    const project = buildProject(this, { ...props, source: objects })
    const role = serviceRole(this, 'role', { by: 'codepipeline.amazonaws.com', what: 'pipeline' })
    useConnection(role, connection, source)
    const allow = (actions: string[], resources: string[]) =>
      role.addToPolicy(new PolicyStatement({ actions, resources }))
    allow(['codebuild:StartBuild', 'codebuild:BatchGetBuilds'], [project.attrArn])
    allow(['s3:GetBucketVersioning'], [bucket.bucketArn])
    allow(['s3:GetObject', 's3:PutObject'], [objects])
    acknowledgeWildcards(role, [objects], OWN_ARTIFACTS)
    const pipeline = new CfnPipeline(this, 'pipeline', {
      name,
      pipelineType: 'V2',
      executionMode: 'SUPERSEDED',
      roleArn: role.roleArn,
      artifactStore: { type: 'S3', location: bucket.bucketName },
      stages: [sourceStage(source, connection), buildStage(project.ref)],
    })
    // A pipeline starts as soon as it is there, and its role must by then be whole.
    pipeline.node.addDependency(role)
  }
}

/** CodePipeline's folder in the bucket has this much of the pipeline's name. */
const FOLDER = 20

/**
 * `<environment>-<service>`. A longer name would share its folder with one that begins alike, and
 * each pipeline could read and replace the other's source: it has a hash in front.
 */
function pipelineName(scope: Construct, service: string): string {
  const name = named(scope, service)
  if (name.length <= FOLDER) return name
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 6)
  return named(scope, hash, service)
}

/** Why a role names all objects of a pipeline. */
const OWN_ARTIFACTS = 'CodePipeline names the objects; the prefix is this pipeline’s own.'

/** https://docs.aws.amazon.com/codepipeline/latest/userguide/concepts.html */
const artifactPrefix = (pipeline: string): string => pipeline.slice(0, FOLDER)

/** The connection may reach every repository the app is installed on; the role reads this one. */
function useConnection(role: Role, connection: string, { repository }: Source): void {
  // `codeconnections`, or `codestar-connections` for those made before 2024-07.
  const [, , prefix = ''] = connection.split(':')
  role.addToPolicy(
    new PolicyStatement({
      actions: [`${prefix}:UseConnection`],
      resources: [connection],
      conditions: { StringEquals: { [`${prefix}:FullRepositoryId`]: repository } },
    }),
  )
}

function sourceStage({ repository, branch }: Source, connection: string) {
  return {
    name: 'Source',
    actions: [
      {
        name: 'Source',
        actionTypeId: {
          category: 'Source',
          owner: 'AWS',
          provider: 'CodeStarSourceConnection',
          version: '1',
        },
        configuration: {
          ConnectionArn: connection,
          FullRepositoryId: repository,
          BranchName: branch,
          OutputArtifactFormat: 'CODE_ZIP',
        },
        outputArtifacts: [{ name: 'Source' }],
      },
    ],
  }
}

function buildStage(projectName: string) {
  return {
    name: 'Build',
    actions: [
      {
        name: 'Build',
        actionTypeId: { category: 'Build', owner: 'AWS', provider: 'CodeBuild', version: '1' },
        configuration: { ProjectName: projectName },
        inputArtifacts: [{ name: 'Source' }],
      },
    ],
  }
}
