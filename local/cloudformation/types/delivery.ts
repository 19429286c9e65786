import { nameFrom, standIn, type TypeTable } from '../resource-type.ts'

const SOURCE = 'Nothing is built here: images are pushed by you, or by a scenario.'

/** How sources become images. */
export const DELIVERY: TypeTable = {
  'AWS::CodePipeline::Pipeline': standIn(SOURCE, nameFrom('Name', { most: 100 }), () => ({
    Version: '1',
  })),
  'AWS::CodeBuild::Project': standIn(
    SOURCE,
    nameFrom('Name', { most: 150 }),
    ({ ref, context }) => ({ Arn: context.aws.arn('codebuild', `project/${ref}`) }),
  ),
  'AWS::CodeBuild::ReportGroup': standIn(
    SOURCE,
    (context, { Name }) =>
      context.aws.arn('codebuild', `report-group/${context.name(Name, { most: 128 })}`),
    ({ ref }) => ({ Arn: ref }),
  ),
  'AWS::CodeConnections::Connection': standIn(
    SOURCE,
    (context) => context.aws.arn('codeconnections', `connection/${context.uuid()}`),
    ({ ref }) => ({ ConnectionArn: ref, ConnectionStatus: 'PENDING' }),
  ),
  'AWS::CodeStarConnections::Connection': standIn(
    SOURCE,
    (context) => context.aws.arn('codestar-connections', `connection/${context.uuid()}`),
    ({ ref }) => ({ ConnectionArn: ref, ConnectionStatus: 'PENDING' }),
  ),
  'AWS::CodeDeploy::Application': standIn(SOURCE, nameFrom('ApplicationName', { most: 100 })),
  'AWS::CodeDeploy::DeploymentGroup': standIn(
    SOURCE,
    nameFrom('DeploymentGroupName', { most: 100 }),
  ),
}
