import { describe, expect, it, test } from 'vitest'
import { complete } from '../../catalog/complete.ts'
import { insideUrl, outsideUrl, urlVariable } from '../../catalog/endpoints.ts'
import { servicePage } from '../../catalog/page.ts'
import { readCatalog } from '../../catalog/read.ts'
import { serviceSchema } from '../../catalog/service-schema.ts'

const HERE = { namespace: 'dev.internal', domain: undefined, certificate: undefined }
const SECURE = { ...HERE, certificate: 'arn:aws:acm:eu-central-1:123456789012:certificate/1' }
const NAMED = { ...SECURE, domain: 'dev.example.com' }

const service = (fields: object) =>
  complete('orders', serviceSchema.parse({ team: 'ordering', ...fields }))

describe('inside', () => {
  it('a service is at its name, its namespace and its port', () => {
    expect(insideUrl(service({ port: 9000 }), HERE)).toBe('http://orders.dev.internal:9000')
  })

  it('a worker is nowhere', () => {
    expect(insideUrl(service({ kind: 'worker' }), HERE)).toBeUndefined()
  })

  it.each([
    ['orders', 'ORDERS_URL'],
    ['nightly-report', 'NIGHTLY_REPORT_URL'],
  ])('those who depend on %s find it in %s', (name, variable) => {
    expect(urlVariable(name)).toBe(variable)
  })
})

describe('outside', () => {
  const route = { path: '/orders/*', priority: 1 }
  test.each([
    ['without an entrance', {}, NAMED, undefined],
    ['by a path', { route }, HERE, 'http://<load balancer>/orders/'],
    ['by a path, with a certificate', { route }, SECURE, 'https://<load balancer>/orders/'],
    ['by a path of the domain', { route }, NAMED, 'https://dev.example.com/orders/'],
    [
      'by a name of its own',
      { route: { host: 'orders', priority: 1 } },
      NAMED,
      'https://orders.dev.example.com/',
    ],
    ['by a port', { nlb: 7000 }, HERE, 'tcp://<network load balancer>:7000'],
    ['by a port of the domain', { nlb: 7000 }, NAMED, 'tls://network.dev.example.com:7000'],
  ])('a service is reached %s', (_, fields, place, url) => {
    expect(outsideUrl(service(fields), place)).toBe(url)
  })
})

describe('the page of a service', () => {
  const catalog = readCatalog('catalog')
  const page = (name: string) => {
    const found = catalog.services.find((one) => one.name === name)
    return found === undefined ? '' : servicePage(found, catalog)
  }

  it('says where it is, whom it calls and who calls it', () => {
    expect(page('orders')).toContain('`http://orders.dev.internal:8080`')
    expect(page('orders')).toContain(
      'It calls [payments](payments.md), [products](products.md); it is called by [gateway](gateway.md), [nightly-report](nightly-report.md), [web](web.md).',
    )
  })

  it('says where a secret’s value is put in', () => {
    expect(page('payments')).toContain('the secret `dev/payments/PROVIDER_KEY`')
  })

  it('says when a job runs', () => {
    expect(page('nightly-report')).toContain(
      'It runs at `cron(30 18 ? * MON-FRI *)`, Europe/Berlin.',
    )
  })
})
