import { beforeAll, describe, expect, it, test } from 'vitest'
import { allowed, stackAmong, templatesOfFiles } from '../kits/services.ts'
import { ofType, only, type Template, template } from '../kits/synth.ts'

const CONNECTION =
  'arn:aws:codeconnections:eu-central-1:111111111111:connection/0a1b2c3d-0000-4000-8000-000000000000'
const source = (more = '') => `source:\n  repository: acme/one\n${more}`

type Stage = { Name: string; Actions: { ActionTypeId: object; Configuration: object }[] }

describe('a service with a source', () => {
  let stack: Template
  let environment: Template

  beforeAll(async () => {
    const templates = templatesOfFiles(
      { one: `team: ordering\nport: 9000\n${source('  branch: trunk\n')}` },
      `connection: ${CONNECTION}\n`,
    )
    stack = await template('DevService-one', templates)
    environment = await template('DevEnvironment', templates)
  })

  it('has a pipeline of two steps: read its branch, build; the push deploys', () => {
    const { Name, PipelineType, ExecutionMode, Stages } = only(stack, 'AWS::CodePipeline::Pipeline')
    expect({ Name, PipelineType, ExecutionMode }).toEqual({
      Name: 'dev-one',
      PipelineType: 'V2',
      ExecutionMode: 'SUPERSEDED',
    })
    expect((Stages as Stage[]).map(({ Name }) => Name)).toEqual(['Source', 'Build'])
    expect((Stages as Stage[])[0]?.Actions).toMatchObject([
      {
        ActionTypeId: { Provider: 'CodeStarSourceConnection' },
        Configuration: {
          ConnectionArn: CONNECTION,
          FullRepositoryId: 'acme/one',
          BranchName: 'trunk',
        },
      },
    ])
  })

  it('is built on ARM, and its image called as its roll-outs want it', () => {
    const { Environment } = only(stack, 'AWS::CodeBuild::Project') as {
      Environment: { Type: string; EnvironmentVariables: { Name: string; Value: unknown }[] }
    }
    expect(Environment.Type).toBe('ARM_CONTAINER')
    const variables = Environment.EnvironmentVariables.map(({ Name, Value }) => [Name, Value])
    expect(Object.fromEntries(variables)).toEqual({
      SERVICE_NAME: 'one',
      REPOSITORY_URI: expect.anything(),
      IMAGE_TAG: 'main',
      PORT: '9000',
      HEALTH_PATH: '/',
    })
  })

  it('hands its source on in a bucket that forgets it within the week', () => {
    const buckets = ofType(environment, 'AWS::S3::Bucket').map(([, { Properties }]) => Properties)
    const days = buckets.map(
      ({ LifecycleConfiguration }) =>
        (LifecycleConfiguration as { Rules: { ExpirationInDays: number }[] }).Rules[0]
          ?.ExpirationInDays,
    )
    expect(days.toSorted()).toEqual([14, 7])
  })

  it('lets the build push, and the pipeline read one repository by the connection', () => {
    const statements = ofType(stack, 'AWS::IAM::Policy').flatMap(
      ([, { Properties }]) =>
        (Properties.PolicyDocument as { Statement: Record<string, unknown>[] }).Statement,
    )
    expect(statements).toContainEqual({
      Effect: 'Allow',
      Action: 'codeconnections:UseConnection',
      Resource: CONNECTION,
      Condition: { StringEquals: { 'codeconnections:FullRepositoryId': 'acme/one' } },
    })
    const everywhere = statements.filter(({ Resource }) => Resource === '*')
    expect(new Set(everywhere.map(({ Action }) => JSON.stringify(Action)))).toEqual(
      new Set([
        '"ecr:GetAuthorizationToken"',
        JSON.stringify([
          'ssmmessages:CreateControlChannel',
          'ssmmessages:CreateDataChannel',
          'ssmmessages:OpenControlChannel',
          'ssmmessages:OpenDataChannel',
        ]),
      ]),
    )
    expect(JSON.stringify(statements)).not.toMatch(/ecr:(Delete|BatchDelete|\*)/)
  })
})

describe('pipelines whose names begin alike', () => {
  it('keep what they hand on in folders of their own', async () => {
    const names = ['customer-notifier-a', 'customer-notifier-b']
    const templates = templatesOfFiles(
      Object.fromEntries(names.map((name) => [name, `team: ordering\n${source()}`])),
      `connection: ${CONNECTION}\n`,
    )
    const folders = await Promise.all(
      names.map(async (name) => {
        const stack = await template(`DevService-${name}`, templates)
        const { Name } = only(stack, 'AWS::CodePipeline::Pipeline')
        expect(Name).toMatch(new RegExp(`^dev-[0-9a-f]{6}-${name}$`))
        // CodePipeline takes this much of the name.
        const folder = String(Name).slice(0, 20)
        const objects = JSON.stringify(ofType(stack, 'AWS::IAM::Policy')).match(/\/[^/"]+\/\*"/g)
        expect(new Set(objects)).toContain(`/${folder}/*"`)
        return folder
      }),
    )
    expect(new Set(folders).size).toBe(names.length)
  })
})

describe('the image of a service', () => {
  const CALLED: [string, string, string, string][] = [
    ['a branch that a glob takes', 'deploy: glob:feature-*', 'feature/cart', 'feature-cart'],
    ['the one tag it follows, whatever the branch', 'deploy: stable', 'main', 'stable'],
    ['the branch, if roll-outs are off', 'deploy: off', 'trunk', 'trunk'],
  ]
  test.each(CALLED)('is called after %s', async (what, _deploy, _branch, tag) => {
    const files = CALLED.map(
      ([each, deploy, branch]) =>
        [each, `team: ordering\n${deploy}\n${source(`  branch: ${branch}\n`)}`] as const,
    )
    const { stack } = await stackAmong(files, what, `connection: ${CONNECTION}\n`)
    expect(JSON.stringify(only(stack, 'AWS::CodeBuild::Project'))).toContain(
      `{"Name":"IMAGE_TAG","Type":"PLAINTEXT","Value":"${tag}"}`,
    )
  })

  const EXCLUDES = { ImageTagMutability: 'IMMUTABLE_WITH_EXCLUSION' }
  const MUTABLE: [string, object, string[]][] = [
    ['main', EXCLUDES, ['main', 'caretaker-*']],
    ['glob:feature-*', EXCLUDES, ['feature-*', 'caretaker-*']],
    ['semver:~1.4', EXCLUDES, ['caretaker-*']],
  ]
  test.each(MUTABLE)(
    'keeps its tags for good but those that %s follows',
    async (deploy, mutability, moving) => {
      const files = MUTABLE.map(
        ([each]) => [each, `team: ordering\ndeploy: ${each}\nimmutableTags: true\n`] as const,
      )
      const { stack } = await stackAmong(files, deploy)
      const repository = only(stack, 'AWS::ECR::Repository')
      expect(repository).toMatchObject(mutability)
      const filters = repository.ImageTagMutabilityExclusionFilters as
        | { ImageTagMutabilityExclusionFilterValue: string }[]
        | undefined
      expect(filters?.map((one) => one.ImageTagMutabilityExclusionFilterValue)).toEqual(moving)
    },
  )
})

describe('a service that GitHub Actions build', () => {
  const yaml = `team: ordering\n${source('  builder: github-actions\n  ownerId: 4711\n  repositoryId: 815\n')}`

  it('has a role for one branch of one repository, by ids that nobody can take over', async () => {
    const stack = await template('DevService-one', templatesOfFiles({ one: yaml }))
    const { AssumeRolePolicyDocument } = only(
      stack,
      'AWS::IAM::Role',
      ({ RoleName }) => RoleName === 'dev-one-push',
    )
    expect(AssumeRolePolicyDocument).toMatchObject({
      Statement: [
        {
          Action: 'sts:AssumeRoleWithWebIdentity',
          Condition: {
            StringEquals: {
              'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
              'token.actions.githubusercontent.com:sub':
                'repo:acme@4711/one@815:ref:refs/heads/main',
            },
          },
        },
      ],
    })
    expect(ofType(stack, 'AWS::CodePipeline::Pipeline')).toEqual([])
  })

  it('can only push to its own repository', async () => {
    const stack = await template('DevService-one', templatesOfFiles({ one: yaml }))
    const [push, token, ...more] = allowed(stack, 'one-push')
    expect(more).toEqual([])
    expect(token).toMatchObject({ Action: 'ecr:GetAuthorizationToken', Resource: '*' })
    const [repository] = ofType(stack, 'AWS::ECR::Repository')
    expect(push).toMatchObject({
      Action: expect.arrayContaining(['ecr:PutImage']),
      Resource: { 'Fn::GetAtt': [repository?.[0], 'Arn'] },
    })
  })
})
