import { readFileSync } from 'node:fs'
import { describe, expect, it, test } from 'vitest'
import { readCatalog } from '../../catalog/read.ts'
import { refusal } from '../kits/broken.ts'
import { catalogOf } from '../kits/catalog.ts'

const SHOP = `team: ordering
count: 1
environment: { LEVEL: debug, REGION: eu }
dependsOn: [orders]
route: { path: /shop/*, priority: 100 }
idle: 4h
environments:
  prod:
    count: 3
    environment: { LEVEL: warning }
    dependsOn: []
    route: { host: shop }
    idle: ~
  dev: { cpu: 512, memory: 1024 }
`

function shopIn(environment: string) {
  const text = readFileSync('catalog/environment.yaml', 'utf8')
  const catalog = catalogOf({
    'environment.yaml': `${text.replace('name: dev', `name: ${environment}`)}\ndomain: x.example.com\ncertificate: arn:aws:acm:eu-central-1:123456789012:certificate/0a1b2c3d\n`,
    'services/shop.yaml': SHOP,
    'services/orders.yaml': 'team: ordering\n',
  })
  return readCatalog(catalog).services.find(({ name }) => name === 'shop')
}

describe('what differs in an environment', () => {
  it('is put over what is said for all: maps together, lists and values in their place', () => {
    expect(shopIn('prod')).toMatchObject({
      count: 3,
      cpu: 256,
      environment: { LEVEL: 'warning', REGION: 'eu' },
      dependsOn: [],
      route: { paths: ['/shop/*'], hosts: ['shop'], priority: 100 },
    })
    expect(shopIn('prod')).not.toHaveProperty('idle')
  })

  it('is left alone in another', () => {
    expect(shopIn('dev')).toMatchObject({ count: 1, cpu: 512, dependsOn: ['orders'], idle: '4h' })
    expect(shopIn('test')).toMatchObject({ count: 1, cpu: 256, route: { hosts: [] } })
  })

  test.each([
    [
      'environments: { dev: { count: 20 } }\n',
      '2 environments.dev.count: found 20, allowed: 1 to 10 tasks; change it',
    ],
    [
      'environments:\n  prod: { cuont: 2 }\n',
      '3 environments.prod.cuont: found an unknown field, allowed: one of its KEYS keys; did you mean count?',
    ],
    [
      'environments:\n  prod: { cpu: 100 }\n',
      '3 environments.prod.cpu: found 100, allowed: 256, 512, 1024, 2048, 4096, 8192 or 16384 units, 1024 of them a processor; change it',
    ],
    [
      'environments:\n  dev:\n    cpu: 512\n',
      '1 memory: found 512, allowed: 1024 to 4096 MiB in whole gibibytes with cpu 512; change memory or cpu',
    ],
    [
      'environments:\n  dev:\n    environment: { PORT: 80 }\n',
      '4 environments.dev.environment.PORT: found "PORT", allowed: a name that nothing else sets; rename it; the catalog sets this one itself',
    ],
    [
      'environments: { Production: { count: 2 } }\n',
      '2 environments.Production: found "Production", allowed: 2 to 10 lower-case letters and digits, a letter first; rename it',
    ],
    [
      'environments: { prod: 3 }\n',
      '2 environments.prod: found 3, allowed: another value; change it',
    ],
  ])('is told of where it stands: %j', (yaml, expected) => {
    const { message } = refusal({ 'services/alpha.yaml': `team: ordering\n${yaml}` })
    expect(message.replace(/one of its \d+ keys/, 'one of its KEYS keys')).toBe(
      `services/alpha.yaml:${expected}`,
    )
  })
})
