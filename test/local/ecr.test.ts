import { createHash } from 'node:crypto'
import type {
  BatchDeleteImageResponse,
  BatchGetImageResponse,
  DescribeImagesResponse,
  GetDownloadUrlForLayerResponse,
} from '@aws-sdk/client-ecr'
import { describe, expect, test } from 'vitest'
import { companionByManifest, platformsOf } from '../../domain/image.ts'
import { MINUTE } from '../kits/account.ts'
import { Cluster } from '../kits/cluster.ts'

const repositoryName = 'orders'

const actions = ({ events }: Cluster) =>
  events.filter(({ detailType }) => detailType === 'ECR Image Action')

async function manifestOf(account: Cluster, imageId: object) {
  const { images } = await account.call<BatchGetImageResponse>('ecr', 'BatchGetImage', {
    repositoryName,
    imageIds: [imageId],
  })
  return images?.[0]?.imageManifest ?? ''
}

describe('push', () => {
  test('several architectures: untagged children first, then the tagged index', async () => {
    const account = await Cluster.open()
    const { digest } = account.ecr.push({ repository: repositoryName, tag: 'main', image: {} })
    const events = actions(account)
    expect(events.map(({ detail }) => detail['image-tag'])).toEqual(['', '', 'main'])
    expect(events[2]).toMatchObject({
      source: 'aws.ecr',
      resources: [],
      delivery: 'best-effort',
      detail: {
        result: 'SUCCESS',
        'action-type': 'PUSH',
        'repository-name': 'orders',
        'image-digest': digest,
        'manifest-media-type': 'application/vnd.oci.image.index.v1+json',
      },
    })
    const text = await manifestOf(account, { imageTag: 'main' })
    expect(`sha256:${createHash('sha256').update(text).digest('hex')}`).toBe(digest)
    expect(platformsOf(JSON.parse(text))).toEqual(['linux/amd64', 'linux/arm64'])
    const next = account.ecr.push({ repository: repositoryName, tag: 'main', image: {} })
    expect(next.digest).not.toBe(digest)
  })

  test('one architecture: the configuration behind the download address tells it', async () => {
    const account = await Cluster.open()
    const image = { architectures: ['linux/arm64'] }
    const { digest } = account.ecr.push({ repository: repositoryName, tag: 'main', image })
    expect(actions(account)).toHaveLength(1)
    const manifest = JSON.parse(await manifestOf(account, { imageDigest: digest }))
    const { downloadUrl = '' } = await account.call<GetDownloadUrlForLayerResponse>(
      'ecr',
      'GetDownloadUrlForLayer',
      { repositoryName, layerDigest: manifest.config.digest },
    )
    const text = new TextDecoder().decode(account.ecr.layer(downloadUrl))
    expect(JSON.parse(text)).toMatchObject({
      architecture: 'arm64',
      os: 'linux',
      created: '2026-03-02T09:00:00.000Z',
      config: { Labels: { 'org.opencontainers.image.title': 'orders' } },
    })
    expect(account.ecr.layer('https://example.com/x')).toBeUndefined()
  })

  test.each(['signature', 'sbom', 'attestation', 'cache', 'helm'] as const)(
    '%s is told from an image by its manifest',
    async (artifact) => {
      const account = await Cluster.open()
      account.ecr.push({ repository: repositoryName, tag: 'other', image: { artifact } })
      const manifest = JSON.parse(await manifestOf(account, { imageTag: 'other' }))
      expect(companionByManifest(manifest)).toBeDefined()
    },
  )

  test('re-tagging an image keeps its digest, its date and its behaviour', async () => {
    const account = await Cluster.open()
    const first = account.ecr.push({ repository: repositoryName, tag: 'main', image: {} })
    await account.run(MINUTE)
    account.ecr.push({ repository: repositoryName, tag: 'main', image: { behaviour: 'crashes' } })
    account.ecr.push({ repository: repositoryName, tag: 'main', digest: first.digest })
    const { imageDetails } = await account.call<DescribeImagesResponse>('ecr', 'DescribeImages', {
      repositoryName,
      imageIds: [{ imageTag: 'main' }],
    })
    expect(imageDetails).toMatchObject([
      { imageDigest: first.digest, imagePushedAt: new Date('2026-03-02T09:00:00Z') },
    ])
    expect(actions(account).at(-1)?.detail).toMatchObject({ 'image-digest': first.digest })
    expect(account.ecr.runnable('orders', { imageTag: 'main' })?.description.behaviour).toBe(
      'healthy',
    )
  })
})

test("images are described by tag status, in pages, and not found in AWS's words", async () => {
  const account = await Cluster.open()
  for (const tag of ['a', 'b', 'c'])
    account.ecr.push({ repository: repositoryName, tag, image: {} })
  const tagged = { repositoryName, filter: { tagStatus: 'TAGGED' }, maxResults: 2 }
  const first = await account.call<DescribeImagesResponse>('ecr', 'DescribeImages', tagged)
  const second = await account.call<DescribeImagesResponse>('ecr', 'DescribeImages', {
    ...tagged,
    nextToken: first.nextToken,
  })
  const images = [...(first.imageDetails ?? []), ...(second.imageDetails ?? [])]
  expect(images.map(({ imageTags }) => imageTags)).toEqual([['a'], ['b'], ['c']])
  expect(second.nextToken).toBeUndefined()
  const call = account.call('ecr', 'DescribeImages', {
    repositoryName,
    imageIds: [{ imageTag: 'x' }],
  })
  await expect(call).rejects.toMatchObject({
    name: 'ImageNotFoundException',
    message:
      "The image with imageId {imageDigest:'null', imageTag:'x'} does not exist within the repository with name 'orders' in the registry with id '123456789012'",
  })
  await expect(
    account.call('ecr', 'DescribeImages', { repositoryName: 'none' }),
  ).rejects.toMatchObject({ name: 'RepositoryNotFoundException' })
})

test('an immutable tag stays, except where excluded', async () => {
  const account = await Cluster.open()
  await account.call('ecr', 'PutImageTagMutability', {
    repositoryName,
    imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
    imageTagMutabilityExclusionFilters: [{ filterType: 'WILDCARD', filter: 'dev-*' }],
  })
  const push = (tag: string) => account.ecr.push({ repository: repositoryName, tag, image: {} })
  push('v1')
  expect(() => push('v1')).toThrow(
    expect.objectContaining({ name: 'ImageTagAlreadyExistsException' }),
  )
  push('dev-1')
  expect(push('dev-1').digest).toMatch(/^sha256:/)
})

test('deleting a tag keeps the image until its last one, and each deletion is told', async () => {
  const account = await Cluster.open()
  const { digest } = account.ecr.push({ repository: repositoryName, tags: ['a', 'b'], image: {} })
  account.events.length = 0
  const remove = (imageIds: object[]) =>
    account.call<BatchDeleteImageResponse>('ecr', 'BatchDeleteImage', { repositoryName, imageIds })
  expect(await remove([{ imageTag: 'a' }])).toMatchObject({
    imageIds: [{ imageTag: 'a', imageDigest: digest }],
  })
  const child = JSON.parse(await manifestOf(account, { imageTag: 'b' })).manifests[0].digest
  expect((await remove([{ imageDigest: child }])).failures?.[0]?.failureCode).toBe(
    'ImageReferencedByManifestList',
  )
  await remove([{ imageDigest: digest }])
  expect(
    actions(account).map(({ detail }) => [detail['action-type'], detail['image-tag']]),
  ).toEqual([
    ['DELETE', 'a'],
    ['DELETE', 'b'],
  ])
  expect((await remove([{ imageDigest: digest }])).failures?.[0]?.failureCode).toBe('ImageNotFound')
})

test('scan on push scans the images of an index and tells what it found', async () => {
  const account = await Cluster.open()
  await account.call('ecr', 'PutImageScanningConfiguration', {
    repositoryName,
    imageScanningConfiguration: { scanOnPush: true },
  })
  account.ecr.push({
    repository: repositoryName,
    tag: 'main',
    image: { findings: { CRITICAL: 1, LOW: 2 } },
  })
  await account.run(MINUTE)
  const scans = account.events.filter(({ detailType }) => detailType === 'ECR Image Scan')
  expect(scans).toHaveLength(2)
  expect(scans[0]?.detail).toMatchObject({
    'scan-status': 'COMPLETE',
    'image-tags': [],
    'finding-severity-counts': { CRITICAL: 1, LOW: 2 },
  })
  const imageId = { imageDigest: scans[0]?.detail['image-digest'] }
  expect(
    await account.call('ecr', 'DescribeImageScanFindings', { repositoryName, imageId }),
  ).toMatchObject({ imageScanStatus: { status: 'COMPLETE' } })
})

test('a manifest that is put again under another tag is a promotion', async () => {
  const account = await Cluster.open()
  const { digest } = account.ecr.push({ repository: repositoryName, tag: 'main', image: {} })
  const imageManifest = await manifestOf(account, { imageTag: 'main' })
  const put = (imageTag: string) =>
    account.call('ecr', 'PutImage', { repositoryName, imageManifest, imageTag })
  expect(await put('live')).toMatchObject({ image: { imageId: { imageDigest: digest } } })
  await expect(put('live')).rejects.toMatchObject({ name: 'ImageAlreadyExistsException' })
  await expect(
    account.call('ecr', 'PutImage', {
      repositoryName,
      imageManifest: JSON.stringify({ layers: [{ digest: 'sha256:0' }] }),
    }),
  ).rejects.toMatchObject({ name: 'LayersNotFoundException' })
})

test('a configuration that is uploaded makes another image of the same layers', async () => {
  const account = await Cluster.open()
  const image = { architectures: ['linux/arm64'] }
  account.ecr.push({ repository: repositoryName, tag: 'main', image })
  const manifest = JSON.parse(await manifestOf(account, { imageTag: 'main' }))
  const layerPartBlob = Buffer.from(
    JSON.stringify({ os: 'linux', architecture: 'arm64', config: { Entrypoint: ['/nothing'] } }),
  )
  const digest = `sha256:${createHash('sha256').update(layerPartBlob).digest('hex')}`
  const call = (operation: string, input: object) =>
    account.call<{ uploadId: string }>('ecr', operation, { repositoryName, ...input })
  const imageManifest = JSON.stringify({ ...manifest, config: { digest } })
  await expect(call('PutImage', { imageManifest })).rejects.toMatchObject({
    name: 'LayersNotFoundException',
  })
  const { uploadId } = await call('InitiateLayerUpload', {})
  const part = { uploadId, layerPartBlob, partFirstByte: 0 }
  await expect(call('UploadLayerPart', { ...part, partLastByte: 1 })).rejects.toMatchObject({
    name: 'InvalidLayerPartException',
  })
  await call('UploadLayerPart', { ...part, partLastByte: layerPartBlob.length - 1 })
  await expect(
    call('CompleteLayerUpload', { uploadId, layerDigests: [`sha256:${'0'.repeat(64)}`] }),
  ).rejects.toMatchObject({ name: 'InvalidLayerException' })
  await call('CompleteLayerUpload', { uploadId, layerDigests: [digest] })
  await call('PutImage', { imageManifest, imageTag: 'other' })
  expect(account.ecr.runnable(repositoryName, { imageTag: 'other' })).toMatchObject({
    platforms: ['linux/arm64'],
    description: { missingProgram: '/nothing' },
  })
})

// https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html
test('an image that another registry replicates is told as that, and not as a push', async () => {
  const account = await Cluster.open()
  const from = { account: '210987654321', region: 'eu-west-1' }
  const image = { architectures: ['linux/arm64'] }
  const { digest } = account.ecr.push({ repository: repositoryName, tag: 'main', image, from })
  expect(account.events.map(({ detailType, detail }) => [detailType, detail])).toEqual([
    [
      'ECR Replication Action',
      {
        result: 'SUCCESS',
        'repository-name': repositoryName,
        'image-digest': digest,
        'source-account': '210987654321',
        'action-type': 'REPLICATE',
        'source-region': 'eu-west-1',
        'image-tag': 'main',
      },
    ],
  ])
})
