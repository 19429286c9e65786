import { CborCodec } from '@smithy/core/cbor'
import type { Aws } from '../../../local/aws/aws.ts'
import type { OperationSchema } from '../../../local/aws/schema.ts'
import { type ServiceModel, serviceModel } from '../../../local/wire/models.ts'
import { mended } from './mend.ts'
import { chance, type Maker, pick, structureOf } from './value.ts'

/** A request as it goes to the endpoint, and the protocol its answer must be in. */
export type Fuzzed = {
  what: string
  method: string
  path: string
  headers: Record<string, string>
  body: Buffer
  answers: 'json' | 'xml' | 'cbor' | 'any'
}

type Asked = { service: ServiceModel; operation: OperationSchema }

/** Every operation that the account answers. */
export function operationsOf(aws: Aws): Asked[] {
  return aws.services.flatMap(({ id, operations }) => {
    const service = serviceModel(id)
    if (service === undefined) return []
    return Object.keys(operations).flatMap((name) => {
      const operation = service.operation(name)
      return operation === undefined ? [] : [{ service, operation }]
    })
  })
}

const signed = (name: string) => ({
  authorization: `AWS4-HMAC-SHA256 Credential=fuzz/20260302/eu-central-1/${name}/aws4_request, SignedHeaders=host;x-amz-date, Signature=0`,
})

/** A request of one operation in the protocol of its service, its input made by chance. */
export function requestOf(maker: Maker, { service, operation }: Asked): Fuzzed {
  const anything = structureOf(maker, operation.input)
  // Half of what is asked gets past the constraints of its model.
  const input = (
    chance(maker, 0.5) ? mended(maker, service.id, operation.name, anything) : anything
  ) as Record<string, unknown>
  const what = `${service.id} ${operation.name} ${JSON.stringify(input)?.slice(0, 600)}`
  const common = { what, headers: signed(service.signingName) }
  if (service.protocol.startsWith('rest'))
    return restRequest(maker, common, { operation, input, xml: service.protocol === 'restXml' })
  if (/query/i.test(service.protocol)) {
    const form = new URLSearchParams({ Action: operation.name, Version: service.version })
    flatten(form, '', input, service.protocol === 'ec2Query')
    const headers = {
      ...common.headers,
      'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
    }
    return {
      ...common,
      method: 'POST',
      path: '/',
      headers,
      body: Buffer.from(`${form}`),
      answers: 'xml',
    }
  }
  if (service.protocol.includes('Cbor') && chance(maker, 0.5)) {
    const path = `/service/${service.target}/operation/${operation.name}`
    const headers = {
      ...common.headers,
      'smithy-protocol': 'rpc-v2-cbor',
      'content-type': 'application/cbor',
    }
    return { ...common, method: 'POST', path, headers, body: cborOf(input), answers: 'cbor' }
  }
  const version = service.protocol === 'awsJson1_0' ? '1.0' : '1.1'
  const headers = {
    ...common.headers,
    'x-amz-target': `${service.target}.${operation.name}`,
    'content-type': `application/x-amz-json-${version}`,
  }
  const body = Buffer.from(JSON.stringify(input))
  return { ...common, method: 'POST', path: '/', headers, body, answers: 'json' }
}

const DOCUMENT = 15

function cborOf(input: object): Buffer {
  const serializer = new CborCodec().createSerializer()
  serializer.write(DOCUMENT as never, input)
  return Buffer.from(serializer.flush())
}

function restRequest(
  maker: Maker,
  common: Pick<Fuzzed, 'what' | 'headers'>,
  {
    operation,
    input,
    xml,
  }: { operation: OperationSchema; input: Record<string, unknown>; xml: boolean },
): Fuzzed {
  const [method = 'GET', pattern = '/'] = operation.http ?? []
  const path = pattern.replaceAll(/\{([^}+]+)\+?\}/g, (_, label: string) =>
    safe(String(input[label] ?? pick(maker, maker.names).name)),
  )
  const query = new URLSearchParams()
  for (const [name, member] of operation.input.structIterator()) {
    const { httpQuery } = member.getMergedTraits()
    if (httpQuery !== undefined && input[name] !== undefined)
      query.append(httpQuery, `${input[name]}`)
  }
  const search = query.size === 0 ? '' : `${path.includes('?') ? '&' : '?'}${query}`
  const headers = { ...common.headers, 'content-type': 'application/json' }
  const body = Buffer.from(method === 'GET' ? '' : JSON.stringify(input))
  return {
    ...common,
    method,
    path: `${path}${search}`,
    headers,
    body,
    // S3 alone is refused in XML, as it answers.
    answers: xml ? 'xml' : 'json',
  }
}

/** A lone surrogate cannot be escaped. */
const safe = (text: string): string => encodeURIComponent(text.toWellFormed())

function flatten(form: URLSearchParams, at: string, value: unknown, ec2: boolean): void {
  const below = (name: string | number) => (at === '' ? `${name}` : `${at}.${name}`)
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      flatten(form, ec2 ? below(index + 1) : `${at}.member.${index + 1}`, item, ec2)
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, item] of Object.entries(value)) flatten(form, below(name), item, ec2)
  } else form.append(at, String(value))
}
