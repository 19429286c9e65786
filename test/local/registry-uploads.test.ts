import { request } from 'node:http'
import { describe, expect, it, test } from 'vitest'
import { Contents } from '../../local/aws/ecr/contents.ts'
import type { Repository } from '../../local/aws/ecr/repository.ts'
import { sha256 } from '../kits/oci.ts'
import { passwordOf, registryAccount } from '../kits/registry-account.ts'
import { RegistryClient } from '../kits/registry-client.ts'

const MEBIBYTE = 1024 * 1024

/** Of that many bytes, none like the one before it. */
function layer(size: number): Uint8Array<ArrayBuffer> {
  const content = new Uint8Array(size)
  for (let index = 0; index < size; index++) content[index] = index % 251
  return content
}

const part = (content: Uint8Array<ArrayBuffer>, from: number, to: number) => ({
  headers: { 'content-range': `${from}-${to - 1}`, 'content-type': 'application/octet-stream' },
  body: content.slice(from, to),
})

describe('a layer', () => {
  it('is pushed whole, with its digest', async () => {
    const { client } = await registryAccount()
    const content = layer(1000)
    const to = `${await client.upload('orders')}?digest=${sha256(content)}`
    const answer = await client.ask('PUT', to, { body: content })
    expect(answer.status).toBe(201)
    expect(answer.headers.get('location')).toBe(`/v2/orders/blobs/${sha256(content)}`)
    expect(answer.headers.get('docker-content-digest')).toBe(sha256(content))
  })

  it('is pushed by one request, if that has the digest', async () => {
    const { client } = await registryAccount()
    const content = layer(1000)
    const path = `/v2/orders/blobs/uploads/?digest=${sha256(content)}`
    expect((await client.ask('POST', path, { body: content })).status).toBe(201)
    expect((await client.ask('HEAD', `/v2/orders/blobs/${sha256(content)}`)).status).toBe(200)
  })

  it('of more than a part of ECR is pushed in one stream', async () => {
    const { account, client } = await registryAccount()
    const content = layer(12 * MEBIBYTE)
    expect(await client.blob('orders', content)).toBe(sha256(content))
    const calls = account.aws.calls.map(({ operation }) => operation).slice(-4)
    expect(calls).toEqual([
      'InitiateLayerUpload',
      'UploadLayerPart',
      'UploadLayerPart',
      'CompleteLayerUpload',
    ])
    const got = await client.ask('GET', `/v2/orders/blobs/${sha256(content)}`)
    expect(sha256(new Uint8Array(await got.arrayBuffer()))).toBe(sha256(content))
  })

  it('is pushed in parts, each of which says where it begins', async () => {
    const { client } = await registryAccount()
    const content = layer(6 * MEBIBYTE)
    const location = await client.upload('orders')
    const first = await client.ask('PATCH', location, part(content, 0, 5 * MEBIBYTE))
    // 201, as ECR answers: https://github.com/aws/containers-roadmap/issues/2831
    expect([first.status, first.headers.get('range')]).toEqual([201, `0-${5 * MEBIBYTE - 1}`])
    const again = await client.ask('PATCH', location, part(content, 0, 1000))
    expect([again.status, again.headers.get('range')]).toEqual([416, `0-${5 * MEBIBYTE - 1}`])
    const state = await client.ask('GET', location)
    expect([state.status, state.headers.get('range')]).toEqual([204, `0-${5 * MEBIBYTE - 1}`])
    const rest = part(content, 5 * MEBIBYTE, 6 * MEBIBYTE)
    const end = await client.ask('PUT', `${location}?digest=${sha256(content)}`, rest)
    expect(end.status).toBe(201)
  })

  it('is read in ranges', async () => {
    const { client } = await registryAccount()
    const content = layer(100)
    const path = `/v2/orders/blobs/${await client.blob('orders', content)}`
    const read = async (range: string) => {
      const answer = await client.ask('GET', path, { headers: { range } })
      const bytes = [...new Uint8Array(await answer.arrayBuffer())]
      return [answer.status, answer.headers.get('content-range'), bytes.length, bytes[0]]
    }
    expect(await read('bytes=10-19')).toEqual([206, 'bytes 10-19/100', 10, 10])
    expect(await read('bytes=90-')).toEqual([206, 'bytes 90-99/100', 10, 90])
    expect(await read('bytes=-5')).toEqual([206, 'bytes 95-99/100', 5, 95])
    expect(await read('lines=1-2')).toEqual([200, null, 100, 0])
    expect((await read('bytes=100-')).slice(0, 2)).toEqual([416, 'bytes */100'])
  })
})

describe('an upload is refused', () => {
  const begun = async () => {
    const { client } = await registryAccount()
    return { client, location: await client.upload('orders') }
  }

  test.each([
    ['a part whose range is none', 'PATCH', '', 'bytes one to two', 400, 'BLOB_UPLOAD_INVALID'],
    ['a part of another length', 'PATCH', '', '0-99', 400, 'SIZE_INVALID'],
    ['a part that leaves one out', 'PATCH', '', '5-9', 416, 'BLOB_UPLOAD_INVALID'],
    ['no digest', 'PUT', '', undefined, 400, 'DIGEST_INVALID'],
    ['another digest', 'PUT', `?digest=${sha256('x')}`, undefined, 400, 'DIGEST_INVALID'],
    ['a digest of another kind', 'PUT', '?digest=sha512:00', undefined, 400, 'DIGEST_INVALID'],
  ])('%s', async (_, method, query, range, status, code) => {
    const { client, location } = await begun()
    const headers = range === undefined ? {} : { 'content-range': range }
    const asking = { headers, body: 'hello' }
    expect(await client.code(method, `${location}${query}`, asking)).toEqual([status, code])
  })

  it('without content, and with parts that are too small before the last one', async () => {
    const { client, location } = await begun()
    const end = (content: string) => `${location}?digest=${sha256(content)}`
    expect(await client.code('PUT', end(''))).toEqual([400, 'BLOB_UPLOAD_INVALID'])
    await client.ask('PATCH', location, { body: 'one' })
    await client.ask('PATCH', location, { body: 'two' })
    expect(await client.refused('PUT', end('onetwo'))).toEqual([
      400,
      'BLOB_UPLOAD_INVALID',
      'Layer parts must be at least 5242880 bytes in size, all but the last one',
    ])
  })

  it('that was given up, or is of another repository', async () => {
    const { account, client } = await registryAccount()
    await account.call('ecr', 'CreateRepository', { repositoryName: 'web' })
    const location = await client.upload('orders')
    const ofWeb = location.replace('orders', 'web')
    expect(await client.code('PATCH', ofWeb, { body: 'x' })).toEqual([404, 'BLOB_UPLOAD_UNKNOWN'])
    expect((await client.ask('DELETE', location)).status).toBe(204)
    expect(await client.code('PATCH', location, { body: 'x' })).toEqual([
      404,
      'BLOB_UPLOAD_UNKNOWN',
    ])
  })
})

describe('a client that does not finish', () => {
  it('goes away, and the upload is as far as it was', async () => {
    const { account, client, url } = await registryAccount()
    const credentials = Buffer.from(`AWS:${await passwordOf(account)}`).toString('base64')
    const authorization = `Basic ${credentials}`
    const location = await client.upload('orders')
    await client.ask('PATCH', location, { body: 'first' })
    const { port } = new URL(url)
    const left = request({
      ...{ port, host: '127.0.0.1', method: 'PATCH', path: location },
      headers: { authorization, 'content-length': '1000' },
    })
    const gone = new Promise((resolve) => left.on('error', resolve))
    left.write('half', () => left.destroy())
    await gone
    const state = await client.ask('GET', location)
    expect([state.status, state.headers.get('range')]).toEqual([204, '0-4'])
  })

  it('has no password, and is answered before it has sent everything', async () => {
    const { url } = await registryAccount()
    const stranger = new RegistryClient(url)
    const asking = { body: layer(6 * MEBIBYTE) }
    expect((await stranger.ask('PATCH', '/v2/orders/blobs/uploads/x', asking)).status).toBe(401)
  })
})

describe('memory', () => {
  const repository = () => ({ layers: new Set(), images: new Map() }) as unknown as Repository

  it('has an end: what images name stays, what they named goes first', () => {
    const contents = new Contents(100)
    const orders = repository()
    const manifest = { layers: [{ digest: 'kept' }] }
    orders.images.set('image', { manifest } as never)
    for (const digest of ['kept', 'deleted']) contents.keep(orders, digest, 'x'.repeat(40))
    contents.name(['kept', 'deleted'])
    contents.makeRoom(20, [orders])
    expect(contents.has(orders, 'deleted')).toBe(true)
    contents.makeRoom(30, [orders])
    expect([contents.has(orders, 'kept'), contents.has(orders, 'deleted')]).toEqual([true, false])
    expect(() => contents.makeRoom(61, [orders])).toThrow(
      'The local AWS keeps what is pushed in memory, at most 100 bytes, and has 40: delete images',
    )
  })
})
