import { beforeEach, describe, expect, it, test } from 'vitest'
import { Ec2 } from '../../local/aws/ec2/ec2.ts'
import { Cluster } from '../kits/cluster.ts'

/**
 * What ECS and ECR refuse. Where AWS's words are recorded their source stands at the row; of the
 * others the documentation says that they are refused, not in which words.
 */
const MOTO = 'https://github.com/getmoto/moto/blob/master/tests/test_ecs/test_ecs.py'
const DOCUMENTED = 'https://docs.aws.amazon.com/AmazonECS/latest/APIReference/'
const KLOTHO = 'https://github.com/klothoplatform/klotho/issues/892'

let account: Cluster
beforeEach(async () => {
  account = await Cluster.open()
})

describe('a task definition', () => {
  const app = { name: 'app', image: 'public.ecr.aws/app:1' }
  const fargate = {
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    cpu: '256',
    memory: '512',
  }
  const aside = (more: object) => ({ ...app, name: 'aside', essential: false, ...more })

  test.each<[object, string, string]>([
    [
      { ...fargate, pidMode: 'host' },
      "Tasks using the Fargate launch type do not support pidMode 'host'. The supported value for pidMode is 'task'.",
      MOTO,
    ],
    [
      { containerDefinitions: [app] },
      "Invalid setting for container 'app'. At least one of 'memory' or 'memoryReservation' must be specified.",
      MOTO,
    ],
    [
      { ...fargate, memory: '999' },
      'No Fargate configuration exists for given values: 256 CPU, 999 memory.',
      DOCUMENTED,
    ],
    [{ ...fargate, cpu: '512', memory: '512' }, 'No Fargate configuration exists', DOCUMENTED],
    [
      { ...fargate, cpu: '16 vCPU', memory: '33 GB' },
      'No Fargate configuration exists',
      DOCUMENTED,
    ],
    [
      { ...fargate, containerDefinitions: [app, app] },
      "Duplicate container name 'app'",
      DOCUMENTED,
    ],
    [
      {
        ...fargate,
        containerDefinitions: [
          { ...app, dependsOn: [{ containerName: 'none', condition: 'START' }] },
        ],
      },
      "depends on 'none'",
      DOCUMENTED,
    ],
    [
      {
        ...fargate,
        containerDefinitions: [
          { ...app, dependsOn: [{ containerName: 'app', condition: 'START' }] },
        ],
      },
      "depends on 'app'",
      DOCUMENTED,
    ],
    [
      {
        ...fargate,
        containerDefinitions: [
          app,
          aside({ essential: true }),
          { ...app, name: 'b', dependsOn: [{ containerName: 'aside', condition: 'SUCCESS' }] },
        ],
      },
      'A dependency container with SUCCESS or COMPLETE condition cannot be an essential container',
      KLOTHO,
    ],
    [
      {
        ...fargate,
        containerDefinitions: [
          { ...app, dependsOn: [{ containerName: 'aside', condition: 'HEALTHY' }] },
          aside({}),
        ],
      },
      'has no health check',
      DOCUMENTED,
    ],
    [
      {
        ...fargate,
        containerDefinitions: [
          { ...app, dependsOn: [{ containerName: 'aside', condition: 'START' }] },
          aside({ dependsOn: [{ containerName: 'app', condition: 'START' }] }),
        ],
      },
      'form a circle',
      DOCUMENTED,
    ],
    [
      {
        ...fargate,
        containerDefinitions: [{ ...app, portMappings: [{ containerPort: 80, hostPort: 8080 }] }],
      },
      'When networkMode=awsvpc, the host ports and container ports in port mappings must match.',
      KLOTHO,
    ],
  ])('%j is refused', async (more, message) => {
    const asked = { family: 'f', containerDefinitions: [app], ...more }
    await expect(account.call('ecs', 'RegisterTaskDefinition', asked)).rejects.toMatchObject({
      name: 'ClientException',
      message: expect.stringContaining(message),
    })
  })

  test.each([
    { ...fargate, cpu: '.25 vCPU', memory: '0.5 GB' },
    { ...fargate, cpu: '1024', memory: '8192' },
    { memory: '512' },
    {
      containerDefinitions: [
        { ...app, memoryReservation: 64, portMappings: [{ containerPort: 80, hostPort: 8080 }] },
      ],
    },
    {
      ...fargate,
      containerDefinitions: [
        { ...app, dependsOn: [{ containerName: 'aside', condition: 'SUCCESS' }] },
        aside({}),
      ],
    },
  ])('%j is taken', async (more) => {
    await account.call('ecs', 'RegisterTaskDefinition', {
      family: 'f',
      containerDefinitions: [app],
      ...more,
    })
  })

  // moto, test_ecs.py, test_deregister_task_definition
  test.each([
    ['orders', 'InvalidParameterException', 'Revision is missing.'],
    ['orders:foo', 'InvalidParameterException', 'Invalid revision number. Number: foo'],
    ['orders:7', 'ClientException', 'Unable to describe task definition.'],
  ])('%s is not taken away', async (taskDefinition, name, message) => {
    await expect(
      account.call('ecs', 'DeregisterTaskDefinition', { taskDefinition }),
    ).rejects.toMatchObject({ name, message })
  })
})

describe('what is to run', () => {
  let taskDefinition: string
  let subnets: string[]
  const run = (more: object) =>
    account.call('ecs', 'RunTask', {
      cluster: 'dev',
      taskDefinition,
      networkConfiguration: { awsvpcConfiguration: { subnets } },
      ...more,
    })

  beforeEach(async () => {
    account.aws.register(new Ec2(account.aws))
    const { Vpc } = await account.call<{ Vpc: { VpcId: string } }>('ec2', 'CreateVpc', {
      CidrBlock: '10.0.0.0/16',
    })
    const { Subnet } = await account.call<{ Subnet: { SubnetId: string } }>('ec2', 'CreateSubnet', {
      VpcId: Vpc.VpcId,
      CidrBlock: '10.0.0.0/24',
    })
    subnets = [Subnet.SubnetId]
    taskDefinition = await account.revision({ behaviour: 'healthy' })
  })

  const BOTH = {
    launchType: 'FARGATE',
    capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT' }],
  }
  const NOWHERE = {
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-00000000'] } },
  }
  test.each<[object, string, string]>([
    [BOTH, 'A launch type and a capacity provider strategy may not both be specified.', DOCUMENTED],
    [
      { networkConfiguration: undefined },
      "Network Configuration must be provided when networkMode 'awsvpc' is specified.",
      MOTO,
    ],
    [
      NOWHERE,
      "The subnet ID 'subnet-00000000' does not exist (ErrorCode: InvalidSubnetID.NotFound)",
      DOCUMENTED,
    ],
    [
      { overrides: { containerOverrides: [{ name: 'none', cpu: 1 }] } },
      'Override for container named none is not a container in the TaskDefinition.',
      DOCUMENTED,
    ],
    [
      { tags: [{ key: 'aws:mine', value: '1' }] },
      'aws: prefixed tag key names are not allowed for external use.',
      DOCUMENTED,
    ],
  ])('RunTask refuses %j', async (more, message) => {
    await expect(run(more)).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: expect.stringContaining(message),
    })
  })

  it('RunTask takes what fits together', async () => {
    expect(
      await run({ overrides: { containerOverrides: [{ name: 'orders', cpu: 1 }] } }),
    ).toMatchObject({ failures: [] })
  })

  test.each<[object, string]>([
    [BOTH, 'may not both be specified'],
    [{}, 'Network Configuration must be provided'],
    [NOWHERE, 'does not exist'],
    [
      { deploymentConfiguration: { maximumPercent: 50, minimumHealthyPercent: 100 } },
      'maximumPercent 50',
    ],
    [{ tags: [{ key: 'AWS:mine', value: '1' }] }, 'aws: prefixed tag key names'],
  ])('CreateService refuses %j', async (more, message) => {
    await expect(account.create(taskDefinition, more as never)).rejects.toThrow(message)
  })

  it('UpdateService refuses the same', async () => {
    await account.create(taskDefinition, {
      networkConfiguration: { awsvpcConfiguration: { subnets } },
    })
    await expect(account.update(NOWHERE)).rejects.toThrow('does not exist')
    await expect(
      account.update({ deploymentConfiguration: { maximumPercent: 99 } }),
    ).rejects.toThrow('maximumPercent 99')
    await account.update({
      deploymentConfiguration: { maximumPercent: 100, minimumHealthyPercent: 100 },
    })
  })
})

// https://github.com/getmoto/moto/blob/master/tests/test_ecr/test_ecr.py
test.each([
  'no JSON',
  '{}',
  '{"Statement":[{"Effect":"Allow"}]}',
  '{"Statement":[{"Effect":"Perhaps","Action":"*","Principal":"*"}]}',
])('a repository policy %s is refused', async (policyText) => {
  await expect(
    account.call('ecr', 'SetRepositoryPolicy', { repositoryName: 'orders', policyText }),
  ).rejects.toMatchObject({
    name: 'InvalidParameterException',
    message:
      "Invalid parameter at 'PolicyText' failed to satisfy constraint: 'Invalid repository policy provided'",
  })
})
