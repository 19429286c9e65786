import { describe, expect, it, test } from 'vitest'
import { Ecr } from '../../local/aws/ecr/ecr.ts'
import { describedBy } from '../../local/aws/ecr/labels.ts'
import { image } from '../../local/scenario/image.ts'
import { Entrances } from '../kits/entrances.ts'
import { OCI_INDEX, type OciImage, ociImage, ociIndex, sha256 } from '../kits/oci.ts'
import { passwordOf, registryAccount, served } from '../kits/registry-account.ts'
import { RegistryClient } from '../kits/registry-client.ts'

const HOUR = 3_600_000
const MISSING = sha256('nobody has pushed this')

describe('who may use the registry', () => {
  it('nobody without a password: ECR names itself as the realm', async () => {
    const { url } = await registryAccount()
    const answer = await new RegistryClient(url).ask('GET', '/v2/')
    expect(answer.status).toBe(401)
    expect(answer.headers.get('www-authenticate')).toBe(
      'Basic realm="https://123456789012.dkr.ecr.eu-central-1.amazonaws.com/",service="ecr.amazonaws.com"',
    )
    expect(answer.headers.get('docker-distribution-api-version')).toBe('registry/2.0')
    expect(await answer.text()).toBe('Not Authorized\n')
  })

  it('whoever asked ECR for a password, for twelve hours', async () => {
    const { account, client } = await registryAccount()
    expect((await client.ask('GET', '/v2/')).status).toBe(200)
    await account.run(12 * HOUR - 1)
    expect((await client.ask('GET', '/v2/')).status).toBe(200)
    await account.run(1)
    expect(await client.refused('GET', '/v2/')).toEqual([
      403,
      'DENIED',
      'Your authorization token has expired. Reauthenticate and try again.',
    ])
  })

  test.each([
    ['a password that was never given out', 'AWS', 'secret'],
    ['another user', 'anna', undefined],
  ])('not %s', async (_, user, password) => {
    const { account, url } = await registryAccount()
    const client = new RegistryClient(url, password ?? (await passwordOf(account)), user)
    expect(await client.code('GET', '/v2/')).toEqual([400, 'DENIED'])
  })

  it('no page of somebody else, password or not', async () => {
    const { client } = await registryAccount()
    for (const headers of [
      { origin: 'https://example.com' },
      { origin: 'http://localhost:4400' },
      { 'sec-fetch-site': 'cross-site' },
    ]) {
      const answer = await client.ask('GET', '/v2/_catalog', { headers })
      expect(answer.status).toBe(403)
      expect(answer.headers.get('access-control-allow-origin')).toBeNull()
    }
  })

  it('a role may do what its policies say, each call by its own right', async () => {
    const account = new Entrances()
    account.aws.register(new Ecr(account.aws))
    await account.call('ecr', 'CreateRepository', { repositoryName: 'orders' })
    const Resource = account.aws.arn('ecr', 'repository/orders')
    const image = ociImage({})
    const client = async (name: string, Action: string[]) => {
      const login = { Effect: 'Allow', Action: 'ecr:GetAuthorizationToken', Resource: '*' }
      const roleArn = await account.role(name, [login, { Effect: 'Allow', Action, Resource }])
      const caller = { kind: 'person' as const, name: 'anna', roleArn }
      return new RegistryClient(await served(account), await passwordOf(account, caller))
    }
    const reading = await client('reader', ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage'])
    expect(await reading.refused('POST', '/v2/orders/blobs/uploads/')).toEqual([
      403,
      'DENIED',
      `User: arn:aws:sts::123456789012:assumed-role/reader/anna is not authorized to perform: ecr:InitiateLayerUpload on resource: ${Resource} because no identity-based policy allows the ecr:InitiateLayerUpload action`,
    ])
    const uploads = ['InitiateLayerUpload', 'UploadLayerPart', 'CompleteLayerUpload']
    const checks = ['ecr:BatchCheckLayerAvailability', ...uploads.map((one) => `ecr:${one}`)]
    const uploading = await client('uploader', checks)
    await expect(uploading.push('orders', 'main', image)).rejects.toThrow(/403.*ecr:PutImage/)
    const pushing = await client('pusher', [...checks, 'ecr:PutImage'])
    expect(await pushing.push('orders', 'main', image)).toBe(image.digest)
    expect((await reading.ask('GET', '/v2/orders/manifests/main')).status).toBe(200)
    expect((await pushing.ask('GET', '/v2/orders/manifests/main')).status).toBe(403)
  })
})

describe('a push', () => {
  it('ends in the same event as PutImage, with the digest that the client computed', async () => {
    const { client, pushed } = await registryAccount()
    const image = ociImage({})
    expect(await client.push('orders', 'main', image)).toBe(image.digest)
    expect(pushed()).toEqual([
      {
        result: 'SUCCESS',
        'repository-name': 'orders',
        'image-digest': image.digest,
        'action-type': 'PUSH',
        'image-tag': 'main',
        'manifest-media-type': 'application/vnd.oci.image.manifest.v1+json',
        'artifact-media-type': 'application/vnd.oci.image.config.v1+json',
      },
    ])
  })

  it('made again changes nothing and is no error; under another tag it is another event', async () => {
    const { client, pushed } = await registryAccount()
    const image = ociImage({})
    await client.push('orders', 'main', image)
    await client.push('orders', 'main', image)
    expect(pushed()).toHaveLength(1)
    await client.push('orders', 'live', image)
    expect(pushed().map((detail) => detail['image-tag'])).toEqual(['main', 'live'])
  })

  it('is read back as it was, by tag and by digest, with its size before its content', async () => {
    const { client } = await registryAccount()
    const image = ociImage({})
    await client.push('orders', 'main', image)
    for (const reference of ['main', image.digest]) {
      const path = `/v2/orders/manifests/${reference}`
      const head = await client.ask('HEAD', path)
      expect(head.headers.get('content-length')).toBe(String(image.manifest.length))
      const got = await client.ask('GET', path)
      expect(got.headers.get('docker-content-digest')).toBe(image.digest)
      expect(got.headers.get('content-type')).toBe('application/vnd.oci.image.manifest.v1+json')
      expect(await got.text()).toBe(image.manifest)
    }
    for (const [digest, content] of image.blobs) {
      const path = `/v2/orders/blobs/${digest}`
      const head = await client.ask('HEAD', path)
      expect([head.status, head.headers.get('content-length')]).toEqual([
        200,
        String(content.length),
      ])
      const got = await client.ask('GET', path)
      expect(Buffer.from(await got.arrayBuffer())).toEqual(Buffer.from(content))
    }
  })

  it('of an index needs its images first; each platform runs its own', async () => {
    const { client, ecr, pushed } = await registryAccount()
    const arm64 = ociImage({ labels: { 'caretaker.behaviour': 'crashes' } })
    const amd64 = ociImage({ architecture: 'amd64' })
    const index = ociIndex([
      { architecture: 'arm64', image: arm64 },
      { architecture: 'amd64', image: amd64 },
    ])
    await client.push('orders', arm64.digest, arm64)
    const early = await client.manifest('orders', 'main', index, OCI_INDEX)
    expect([early.status, await early.json()]).toEqual([
      404,
      {
        errors: [
          {
            code: 'MANIFEST_BLOB_UNKNOWN',
            message: `Images with digests '[${amd64.digest}]' required for pushing image into repository with name 'orders' in the registry with id '123456789012' do not exist`,
          },
        ],
      },
    ])
    await client.push('orders', amd64.digest, amd64)
    expect((await client.manifest('orders', 'main', index, OCI_INDEX)).status).toBe(201)
    expect(pushed().map((detail) => detail['image-tag'])).toEqual(['', '', 'main'])
    const runs = (platform: string) =>
      ecr.runnable('orders', { imageTag: 'main' }, platform)?.description.behaviour
    expect([runs('linux/arm64'), runs('linux/amd64')]).toEqual(['crashes', 'healthy'])
  })

  it('by the API and by the registry fills the same store', async () => {
    const { account, client } = await registryAccount()
    const image = ociImage({})
    const call = (operation: string, input: object) =>
      account.call<{ uploadId: string }>('ecr', operation, { repositoryName: 'orders', ...input })
    for (const [layerDigest, layerPartBlob] of image.blobs) {
      const { uploadId } = await call('InitiateLayerUpload', {})
      const range = { partFirstByte: 0, partLastByte: layerPartBlob.length - 1 }
      await call('UploadLayerPart', { uploadId, layerPartBlob, ...range })
      await call('CompleteLayerUpload', { uploadId, layerDigests: [layerDigest] })
    }
    expect((await client.manifest('orders', 'main', image.manifest)).status).toBe(201)
    expect(
      await call('BatchCheckLayerAvailability', { layerDigests: [...image.blobs.keys(), MISSING] }),
    ).toMatchObject({
      layers: [
        { layerAvailability: 'AVAILABLE' },
        { layerAvailability: 'AVAILABLE' },
        { layerAvailability: 'UNAVAILABLE' },
      ],
    })
  })
})

describe('what a push is refused for', () => {
  const image = ociImage({})
  const ready = async () => {
    const opened = await registryAccount()
    for (const content of image.blobs.values())
      await opened.client.blob('orders', new Uint8Array(content))
    return opened
  }
  const put = (body: string, reference = 'main', name = 'orders') =>
    [
      'PUT',
      `/v2/${name}/manifests/${reference}`,
      { headers: { 'content-type': '' }, body },
    ] as const

  test.each([
    [
      'a repository that there is not: nothing makes it',
      ['POST', '/v2/nothing/blobs/uploads/'],
      404,
      'NAME_UNKNOWN',
      "The repository with name 'nothing' does not exist in the registry with id '123456789012'",
    ],
    ['a name that none has', ['POST', '/v2/Orders/blobs/uploads/'], 400, 'NAME_INVALID', /Orders/],
    ['a tag that none is', put(image.manifest, 'a+b'), 400, 'TAG_INVALID', /a\+b/],
    [
      'a digest that is not the manifest’s',
      put(image.manifest, MISSING),
      400,
      'MANIFEST_INVALID',
      /does not match the image digest that Amazon ECR has calculated\.$/,
    ],
    ['what is not JSON', put('nothing'), 400, 'MANIFEST_INVALID', /Invalid JSON syntax/],
    ['what is no manifest', put('{"layers":[null]}'), 400, 'MANIFEST_INVALID', /layers\.0/],
    [
      'a manifest of another kind',
      put('{"mediaType":"text/html"}'),
      400,
      'MANIFEST_INVALID',
      /text\/html/,
    ],
    [
      'layers that are not there',
      put(JSON.stringify({ layers: [{ digest: MISSING }] })),
      404,
      'MANIFEST_BLOB_UNKNOWN',
      `Layers with digests '[${MISSING}]' required for pushing image into repository with name 'orders' in the registry with id '123456789012' do not exist`,
    ],
    ['too much', put(' '.repeat(4_194_305)), 413, 'SIZE_INVALID', /4194304/],
    [
      'an image that there is not',
      ['GET', '/v2/orders/manifests/nothing'],
      404,
      'MANIFEST_UNKNOWN',
      'Requested image not found',
    ],
    ['a layer that there is not', ['GET', `/v2/orders/blobs/${MISSING}`], 404, 'BLOB_UNKNOWN', /./],
    ['a method that there is not', ['PUT', '/v2/_catalog'], 405, 'UNSUPPORTED', /catalog/],
  ] as const)('%s', async (_, [method, path, asking], status, code, message) => {
    const { client, pushed } = await ready()
    expect(await client.refused(method, path, asking)).toEqual([
      status,
      code,
      typeof message === 'string' ? message : expect.stringMatching(message),
    ])
    expect(pushed()).toEqual([])
  })

  it('a tag that is immutable', async () => {
    const { account, client } = await ready()
    const mutability = { repositoryName: 'orders', imageTagMutability: 'IMMUTABLE' }
    await account.call('ecr', 'PutImageTagMutability', mutability)
    await client.push('orders', 'v1', image)
    await client.push('orders', 'v1', image)
    await expect(client.push('orders', 'v1', ociImage({ program: 'false' }))).rejects.toThrow(
      /^400 .*TAG_INVALID.*The image tag 'v1' already exists in the 'orders' repository/,
    )
  })

  it('a layer of another repository, unless the account mounts and an image names it', async () => {
    const { account, client } = await ready()
    await account.call('ecr', 'CreateRepository', { repositoryName: 'web' })
    const [digest = ''] = image.blobs.keys()
    const mount = async () =>
      (await client.ask('POST', `/v2/web/blobs/uploads/?mount=${digest}&from=orders`)).status
    const has = async () => (await client.ask('HEAD', `/v2/web/blobs/${digest}`)).status
    expect(await client.code(...put(image.manifest, 'main', 'web'))).toEqual([
      404,
      'MANIFEST_BLOB_UNKNOWN',
    ])
    expect([await mount(), await has()]).toEqual([202, 404])
    const name = 'BLOB_MOUNTING'
    const get = () => account.call('ecr', 'GetAccountSetting', { name })
    expect(await get()).toEqual({ name, value: 'DISABLED' })
    const setting = { name, value: 'ENABLED' }
    expect(await account.call('ecr', 'PutAccountSetting', setting)).toEqual(setting)
    expect(await get()).toEqual(setting)
    expect([await mount(), await has()]).toEqual([202, 404])
    await client.push('orders', 'main', image)
    expect([await mount(), await has()]).toEqual([201, 200])
  })
})

describe('what an image does is said by its labels', () => {
  const described = async (labels: Record<string, string>) => {
    const { client, ecr } = await registryAccount()
    await client.push('orders', 'main', ociImage({ labels }))
    return ecr.runnable('orders', { imageTag: 'main' })?.description
  }

  test.each([
    ['healthy without', {}, { behaviour: 'healthy' }],
    ['and with those of others', { maintainer: 'anna' }, { behaviour: 'healthy' }],
    [
      'crashes',
      {
        'caretaker.behaviour': 'crashes',
        'caretaker.exit-code': '137',
        'caretaker.after': '1m30s',
        'caretaker.logs': 'one\ntwo',
      },
      { behaviour: 'crashes', exitCode: 137, after: 90, logs: ['one', 'two'] },
    ],
    [
      'slow, and with findings',
      {
        'caretaker.startup': '40s',
        'caretaker.shutdown': '60s',
        'caretaker.findings': 'CRITICAL=1,LOW=2',
      },
      { behaviour: 'healthy', startup: 40, shutdown: 60, findings: { CRITICAL: 1, LOW: 2 } },
    ],
  ])('%s', async (_, labels, description) => {
    expect(await described(labels)).toEqual(description)
  })

  test.each([
    ['caretaker.behaviour', 'crash', /is "crash"; allowed: healthy, crashes, unhealthy, never-st/],
    ['caretaker.behavior', 'crashes', /label caretaker\.behavior .* is none of caretaker\.behavio/],
    ['caretaker.after', '90', /is "90"; allowed: a duration such as 40s/],
    ['caretaker.exit-code', '256', /allowed: 0 to 255/],
    ['caretaker.findings', 'CRITICAL', /allowed: .*CRITICAL=1,HIGH=2/],
  ])('%s=%s is refused, with what is allowed', async (name, value, why) => {
    await expect(described({ [name]: value })).rejects.toThrow(/^400 .*MANIFEST_INVALID/)
    await expect(described({ [name]: value })).rejects.toThrow(why)
  })
})

describe('labels and scenarios', () => {
  /** What an image is, not what it does: its manifest says it. */
  const BUILT = ['architectures', 'artifact']
  const does = Object.keys(image.shape).filter((member) => !BUILT.includes(member))

  test.each(does)('%s of a scenario has a label of the same name', (member) => {
    const name = `caretaker.${member.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
    expect(() => describedBy({ [name]: null })).toThrow('; allowed: ')
  })

  it('behaviours are the same', () => {
    const behaviours = image.shape.behaviour.unwrap().options
    for (const behaviour of behaviours) {
      expect(describedBy({ 'caretaker.behaviour': behaviour })).toEqual({ behaviour })
    }
    expect(() => describedBy({ 'caretaker.behaviour': '' })).toThrow(behaviours.join(', '))
  })

  it('what Caretaker labels for itself says nothing', () => {
    expect(describedBy({ 'caretaker.verify': 'any', 'caretaker.placeholder': 'true' })).toEqual({})
  })
})

describe('lists', () => {
  const IMAGE: OciImage = ociImage({})

  it('tags and repositories come in the order of their letters, in pages', async () => {
    const { account, client } = await registryAccount()
    await account.call('ecr', 'CreateRepository', { repositoryName: 'billing' })
    for (const tag of ['c', 'a', 'b']) await client.push('orders', tag, IMAGE)
    expect(await client.json('/v2/orders/tags/list')).toEqual({
      name: 'orders',
      tags: ['a', 'b', 'c'],
    })
    const first = await client.ask('GET', '/v2/orders/tags/list?n=2')
    const next = '/v2/orders/tags/list?n=2&last=b'
    expect(first.headers.get('link')).toBe(`<${next}>; rel="next"`)
    const last = await client.ask('GET', next)
    expect(last.headers.get('link')).toBeNull()
    expect(await last.json()).toEqual({ name: 'orders', tags: ['c'] })
    expect(await client.json('/v2/_catalog')).toEqual({ repositories: ['billing', 'orders'] })
    expect(await client.code('GET', '/v2/orders/tags/list?n=-1')).toEqual([
      400,
      'PAGINATION_NUMBER_INVALID',
    ])
  })

  it('what says something about an image, of one kind if asked', async () => {
    const { account, client } = await registryAccount()
    await client.push('orders', 'main', IMAGE)
    const subject = { digest: IMAGE.digest, size: IMAGE.manifest.length }
    const signature = JSON.stringify({
      ...JSON.parse(IMAGE.manifest),
      ...{ artifactType: 'a/b', subject, annotations: { by: 'anna' } },
    })
    const put = await client.manifest('orders', sha256(signature), signature)
    expect(put.headers.get('oci-subject')).toBe(IMAGE.digest)
    const path = `/v2/orders/referrers/${IMAGE.digest}`
    const digests = async (query = '') =>
      (await client.json<{ manifests: { digest: string }[] }>(`${path}${query}`)).manifests.map(
        ({ digest }) => digest,
      )
    expect(await digests()).toEqual([sha256(signature)])
    expect(await digests('?artifactType=a%2Fb')).toEqual([sha256(signature)])
    expect(await digests('?artifactType=x')).toEqual([])
    const input = { repositoryName: 'orders', subjectId: { imageDigest: IMAGE.digest } }
    expect(await account.call('ecr', 'ListImageReferrers', input)).toEqual({
      referrers: [
        {
          digest: sha256(signature),
          mediaType: 'application/vnd.oci.image.manifest.v1+json',
          artifactType: 'a/b',
          annotations: { by: 'anna' },
          size: signature.length,
          artifactStatus: 'ACTIVE',
        },
      ],
    })
  })

  it('a tag is deleted, and the image with its last one', async () => {
    const { client, pushed } = await registryAccount()
    await client.push('orders', 'main', IMAGE)
    expect((await client.ask('DELETE', '/v2/orders/manifests/main')).status).toBe(202)
    expect(pushed().at(-1)).toMatchObject({ 'action-type': 'DELETE', 'image-tag': 'main' })
    expect((await client.ask('DELETE', '/v2/orders/manifests/main')).status).toBe(404)
  })
})
