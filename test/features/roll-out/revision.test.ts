import type { TaskDefinition } from '@aws-sdk/client-ecs'
import { describe, expect, it, test } from 'vitest'
import {
  companionByManifest,
  companionByTag,
  parseImage,
  platformsOf,
  requiredPlatform,
} from '../../../domain/image.ts'
import { nextRevision } from '../../../functions/plan-roll-out/revision.ts'
import { uses } from '../../../functions/shared/roll-out/running.ts'

const REGISTRY = '123456789012.dkr.ecr.eu-central-1.amazonaws.com'
const PINNED = `${REGISTRY}/orders@sha256:${'1'.repeat(64)}`

/** As `DescribeTaskDefinition` answers, read-only members included. */
const current: TaskDefinition = {
  taskDefinitionArn: 'arn:aws:ecs:eu-central-1:123456789012:task-definition/dev-orders:3',
  revision: 3,
  status: 'ACTIVE',
  registeredAt: new Date(0),
  registeredBy: 'somebody',
  compatibilities: ['FARGATE'],
  requiresAttributes: [{ name: 'com.amazonaws.ecs.capability.ecr-auth' }],
  family: 'dev-orders',
  cpu: '256',
  memory: '512',
  networkMode: 'awsvpc',
  taskRoleArn: 'arn:aws:iam::123456789012:role/dev-orders',
  volumes: [],
  containerDefinitions: [
    {
      name: 'orders',
      image: `${REGISTRY}/orders@sha256:${'0'.repeat(64)}`,
      cpu: 0,
      essential: true,
      environment: [{ name: 'port', value: '8080' }],
      mountPoints: [],
      dockerLabels: { 'team.name': 'payments', lowerCase: 'kept' },
      logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': '/dev/orders' } },
      portMappings: [{ containerPort: 8080, protocol: 'tcp' }],
    },
    { name: 'proxy', image: 'public.ecr.aws/envoy:v1', essential: false },
  ],
}

describe('the next revision', () => {
  const request = nextRevision(
    current,
    { registry: REGISTRY, repository: 'orders', image: PINNED, tag: 'main' },
    [
      { key: 'caretaker:owner', value: 'payments' },
      { key: 'caretaker:tag', value: 'older' },
      { key: 'aws:cloudformation:stack-name', value: 'Dev' },
    ],
  )
  const containers = request.ContainerDefinitions as Record<string, unknown>[]

  it('changes the image of the container that uses the repository, and nothing else', () => {
    expect(containers.map(({ Image }) => Image)).toEqual([PINNED, 'public.ecr.aws/envoy:v1'])
    expect(containers[0]).toMatchObject({
      Name: 'orders',
      Cpu: 0,
      Environment: [{ Name: 'port', Value: '8080' }],
      MountPoints: [],
      PortMappings: [{ ContainerPort: 8080, Protocol: 'tcp' }],
    })
    expect(request).toMatchObject({ Family: 'dev-orders', Cpu: '256', Volumes: [] })
  })

  it('keeps the keys of labels and log options as they are', () => {
    expect(containers[0]).toMatchObject({
      DockerLabels: { 'team.name': 'payments', lowerCase: 'kept' },
      LogConfiguration: { LogDriver: 'awslogs', Options: { 'awslogs-group': '/dev/orders' } },
    })
  })

  it('leaves out what ECS only answers', () => {
    expect(Object.keys(request)).not.toEqual(expect.arrayContaining(['Revision']))
    for (const name of [
      'TaskDefinitionArn',
      'Revision',
      'Status',
      'Compatibilities',
      'RegisteredAt',
    ]) {
      expect(request).not.toHaveProperty(name)
    }
  })

  it('keeps the tag the image came under, and the tags a person set', () => {
    expect(request.Tags).toEqual([
      { Key: 'caretaker:owner', Value: 'payments' },
      { Key: 'caretaker:tag', Value: 'main' },
    ])
  })

  it('takes the place of the placeholder, and its label with it', () => {
    const image = 'public.ecr.aws/docker/library/busybox:stable'
    const dockerLabels = { 'caretaker.placeholder': 'true' }
    const placeholder = { containerDefinitions: [{ name: 'orders', image, dockerLabels }] }
    const change = { registry: REGISTRY, repository: 'orders', image: PINNED, tag: 'main' }
    const [container] = nextRevision(placeholder, change, []).ContainerDefinitions as object[]
    expect(container).toEqual({ Name: 'orders', Image: PINNED })
  })
})

describe('a container uses a repository', () => {
  test.each([
    [`${REGISTRY}/orders:main`, true],
    [`${REGISTRY}/orders@sha256:00`, true],
    [`${REGISTRY}/team/orders:main`, false],
    [`${REGISTRY}/orders-api:main`, false],
    ['orders:main', false],
    ['public.ecr.aws/x/orders:main', false],
  ])('%s: %s', (image, expected) => {
    expect(uses({ image }, { registry: REGISTRY, repository: 'orders' })).toBe(expected)
  })
})

test.each([
  ['nginx', { registry: '', repository: 'nginx' }],
  ['library/nginx:1', { registry: '', repository: 'library/nginx', tag: '1' }],
  ['localhost:5000/a/b:1', { registry: 'localhost:5000', repository: 'a/b', tag: '1' }],
  [
    `${REGISTRY}/a:b@sha256:c`,
    { registry: REGISTRY, repository: 'a', tag: 'b', digest: 'sha256:c' },
  ],
])('the image %s is taken apart', (image, expected) => {
  expect(parseImage(image)).toEqual(expected)
})

describe('what accompanies an image is not an image', () => {
  const hex = 'a'.repeat(64)
  test.each([
    [`sha256-${hex}.sig`, 'a signature'],
    [`sha256-${hex}.att`, 'an attestation'],
    [`sha256-${hex}.sbom`, 'a bill of materials'],
    ['main', undefined],
    ['cached', undefined],
    // Words in a tag prove nothing: a branch may be called so.
    ['buildcache', undefined],
    ['feature-redis-cache', undefined],
  ])('the tag %s: %s', (tag, expected) => {
    expect(companionByTag(tag)).toBe(expected)
  })

  const oci = 'application/vnd.oci.image.manifest.v1+json'
  const config = (mediaType: string) => ({
    mediaType: oci,
    config: { mediaType, digest: 'sha256:0' },
  })
  test.each([
    ['a container', config('application/vnd.oci.image.config.v1+json'), undefined],
    ['a docker container', config('application/vnd.docker.container.image.v1+json'), undefined],
    ['a chart', config('application/vnd.cncf.helm.config.v1+json'), 'a Helm chart'],
    [
      'an unknown artifact',
      config('application/vnd.example'),
      'an artifact (application/vnd.example)',
    ],
    ['an SBOM', { mediaType: oci, artifactType: 'application/spdx+json' }, 'a bill of materials'],
    ['a build cache', config('application/vnd.buildkit.cacheconfig.v0'), 'a build cache'],
  ])('%s', (_, manifest, expected) => {
    expect(companionByManifest(manifest)).toBe(expected)
  })
})

describe('processors', () => {
  it('an index has the platforms of its children, without attestations', () => {
    const platform = (os: string, architecture: string) => ({ platform: { os, architecture } })
    const manifests = [
      platform('linux', 'arm64'),
      platform('linux', 'amd64'),
      platform('unknown', 'unknown'),
    ]
    expect(platformsOf({ mediaType: '', manifests })).toEqual(['linux/arm64', 'linux/amd64'])
  })

  test.each([
    [{ requiresCompatibilities: ['FARGATE'] }, 'linux/amd64'],
    [
      { requiresCompatibilities: ['FARGATE'], runtimePlatform: { cpuArchitecture: 'ARM64' } },
      'linux/arm64',
    ],
    [{ requiresCompatibilities: ['EC2'] }, undefined],
    [
      {
        runtimePlatform: {
          cpuArchitecture: 'X86_64',
          operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE',
        },
      },
      'windows/amd64',
    ],
  ])('%j runs on %s', (definition, expected) => {
    expect(requiredPlatform(definition)).toBe(expected)
  })
})
