import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { Simulation } from '../../local/simulation/simulation.ts'
import { servicesOf } from '../../local/views/services.ts'
import { catalogWith } from '../kits/catalog.ts'
import { answerTo } from '../kits/entrances.ts'

/** All there is to write for a new service, behind the load balancer and on a database. */
const REVIEWS = `team: storefront
route: { path: /reviews/*, priority: 50 }
database: shared
dependsOn: [products]
`

const MINUTE = 60_000

it('a service is one short file: its first push deploys it, and others reach it', async () => {
  expect(REVIEWS.trim().split('\n').length).toBeLessThan(10)
  const web = readFileSync('catalog/services/web.yaml', 'utf8')
  const catalog = catalogWith({
    'services/reviews.yaml': REVIEWS,
    // Another service that needs it says so, and is told where it is.
    'services/web.yaml': web.replace(/dependsOn: \[.*\]/, 'dependsOn: [reviews]'),
  })
  const simulation = await Simulation.open({
    catalog,
    seed: 1,
    start: new Date('2026-03-02T09:00:00Z'),
  })
  const { ecr, world, traffic } = simulation
  for (const repository of ['products', 'web']) ecr.push({ repository, tag: 'main' })
  await world.run(10 * MINUTE)
  expect(await traffic.request('/reviews/7')).toMatchObject({ status: 503 })
  expect(await traffic.request('/')).toMatchObject({
    status: 502,
    by: { service: 'web' },
    why: expect.stringContaining('reviews.dev.internal has no address'),
  })

  const { digest } = ecr.push({ repository: 'reviews', tag: 'main' })
  await world.run(10 * MINUTE)

  const reviews = (await servicesOf(simulation)).find(({ name }) => name === 'reviews')
  expect(reviews).toMatchObject({ running: { digest, count: 1 }, asAsked: true, healthy: true })
  // Its task is in the environment's network, in one of its two zones.
  const { Instances } = await simulation.aws.call<{ Instances: object[] }>(
    'servicediscovery',
    'DiscoverInstances',
    { NamespaceName: 'dev.internal', ServiceName: 'reviews' },
    { kind: 'person', name: 'ann' },
  )
  expect(Instances).toMatchObject([
    {
      Attributes: {
        AWS_INSTANCE_IPV4: expect.stringMatching(/^10\.20\./),
        AVAILABILITY_ZONE: expect.stringMatching(/^eu-central-1[ab]$/),
      },
    },
  ])
  const by = { service: 'reviews', digest }
  expect(await traffic.request('/reviews/7')).toMatchObject({ status: 200, by })
  const { LoadBalancers } = await simulation.aws.call<{ LoadBalancers: { DNSName: string }[] }>(
    'elastic-load-balancing-v2',
    'DescribeLoadBalancers',
    {},
    { kind: 'person', name: 'ann' },
  )
  const address = `http://${LoadBalancers[0]?.DNSName}/reviews/7`
  const seen = await answerTo(simulation, new Request(address))
  expect(JSON.parse(seen.text)).toMatchObject(by)
  const page = await traffic.request('/')
  expect(page).toMatchObject({ status: 200, by: { service: 'web' } })
  expect(page.calls).toMatchObject([
    {
      url: 'http://reviews.dev.internal:8080',
      status: 200,
      by,
      calls: [{ by: { service: 'products' } }],
    },
  ])
})
