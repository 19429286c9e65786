import { describe, expect, it } from 'vitest'
import { inputOf, servicesIn } from '../kits/imports.ts'

const AWS_FOR_FLUENT_BIT =
  'public.ecr.aws/aws-observability/aws-for-fluent-bit@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef'

const leftOutOf = ({ catalogs }: ReturnType<typeof inputOf>) =>
  Object.fromEntries(
    catalogs.flatMap(({ leftOut }) => leftOut.map(({ key, because }) => [key, because])),
  )

describe('messages of Copilot', () => {
  const input = inputOf('copilot', 'worker-queue')
  const { orders, audit, mailer } = servicesIn(input.folder)

  it('a topic is its workload’s; one that two publish has the name of its workload before its own', () => {
    expect(orders?.topics).toEqual(['orders-events', 'refunds'])
    expect(audit?.topics).toEqual(['audit-events'])
  })

  it('a worker has one queue, found in COPILOT_QUEUE_URI, and others for topics that ask for one', () => {
    expect(mailer?.queues).toEqual({
      mailer: { from: ['orders-events'], retention: 345_600, delay: 5, visibility: 30, tries: 10 },
      'mailer-refunds': { from: ['refunds'], retention: 3600, visibility: 45 },
      'mailer-events': { from: ['audit-events'] },
    })
    expect(mailer?.aliases).toEqual({ COPILOT_QUEUE_URI: 'MAILER_QUEUE_URL' })
    expect(audit?.queues).toEqual({ audit: { from: ['refunds'] } })
  })

  it('it scales by how many messages one task takes within the latency: 600 s / 0.25 s', () => {
    expect(mailer?.scaling).toMatchObject({ min: 1, max: 10, queue: 'mailer', backlog: 2400 })
  })

  it('what has no place is named: order, filters, topics of other folders', () => {
    const left = leftOutOf(input)
    expect(left['publish.topics.2']).toMatch(/no order/)
    expect(left['subscribe.topics.0.filter_policy']).toMatch(/every message/)
    expect(left['subscribe.topics.1.queue.fifo']).toMatch(/no order/)
    expect(left['subscribe.topics.3']).toMatch(/no order/)
    expect(left['subscribe.topics.4']).toMatch(/no workload elsewhere/)
  })
})

describe('what Copilot says of load, routes and logs', () => {
  it('tasks follow CPU, memory and requests', () => {
    const { folder } = inputOf('copilot', 'load-balanced')
    const { web } = servicesIn(folder, 'catalog/test')
    // The overlay of the environment replaces the range by one task.
    expect(web?.count).toBe(1)
    const input = inputOf('copilot', 'scaling')
    expect(servicesIn(input.folder).web?.scaling).toEqual({
      ...{ min: 2, max: 6, cpu: 60, memory: 80, requests: 10_000 },
    })
    expect(Object.keys(leftOutOf(input))).toEqual(
      expect.arrayContaining(['count.response_time', 'count.requests.cooldown']),
    )
  })

  it('a further rule that has only a path is one of the route; any other is left out', () => {
    const input = inputOf('copilot', 'grpc')
    const { quotes } = servicesIn(input.folder, 'catalog')
    expect(quotes?.route).toMatchObject({
      ...{ paths: ['/*', '/v2', '/v2/*'], sources: ['192.0.2.0/24', '198.51.100.7/32'] },
    })
    expect(Object.keys(leftOutOf(input))).toContain('http.additional_rules.1')
  })

  it('a listener of the network load balancer leads to the sidecar that is named', () => {
    const input = inputOf('copilot', 'nlb-sidecar')
    expect(servicesIn(input.folder).tcp?.nlb).toEqual([
      { port: 9443, to: 8443, container: 'proxy' },
      { port: 9444, to: 8444 },
    ])
    expect(Object.keys(leftOutOf(input))).toContain('nlb.additional_listeners.0.target_container')
  })

  it('a router by its digest is a sidecar; its secret options are secrets of the service', () => {
    const input = inputOf('copilot', 'router')
    const { api } = servicesIn(input.folder)
    expect(api?.sidecars['log-router']).toMatchObject({
      ...{ image: AWS_FOR_FLUENT_BIT, environment: { REGION: 'eu' }, secrets: ['ROUTER_KEY'] },
    })
    expect(api?.logs).toEqual({
      ...{ retention: 30, router: 'log-router', secrets: { apikey: 'LOGS_APIKEY' } },
      options: { Name: 'datadog', Host: 'http-intake.logs.datadoghq.com', TLS: 'on' },
    })
    expect(api?.secrets).toEqual({
      LOGS_APIKEY: { parameter: '/datadog/key' },
      ROUTER_KEY: { secret: 'router/keys', key: 'key' },
    })
    expect(api?.pullSecret).toMatch(/:secret:hub-AbCdEf$/)
    expect(leftOutOf(input)['logging.enableMetadata']).toMatch(/names of cluster and task/)
  })

  it('rules of taskdef_overrides are put together as override; what is Caretaker’s is left out', () => {
    const input = inputOf('copilot', 'overrides-and-addons')
    expect(servicesIn(input.folder).api?.override).toEqual({
      task: { PidMode: 'task' },
      containers: {
        api: {
          Ulimits: [{ Name: 'nofile', SoftLimit: 4096, HardLimit: 8192 }],
          User: '1000',
        },
      },
    })
    const left = leftOutOf(input)
    expect(left['taskdef_overrides.4']).toMatch(/which sidecar/)
    expect(left['taskdef_overrides.6.path']).toMatch(/what Caretaker does not set/)
  })
})
