import { beforeAll, describe, expect, it } from 'vitest'
import { templatesOf } from '../../local/simulation/synth.ts'
import { catalogOf } from '../kits/catalog.ts'
import { Stage } from '../kits/roll-outs.ts'
import { container, ecsService, taskDefinition } from '../kits/services.ts'
import { ofType, only, type Template, template } from '../kits/synth.ts'

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`
const ENVIRONMENT = `name: dev
region: eu-central-1
owner: platform
domain: dev.example.com
certificate: arn:aws:acm:eu-central-1:123456789012:certificate/0a1b2c3d
signIn:
  issuer: https://login.example.com
  authorizationEndpoint: https://login.example.com/authorize
  tokenEndpoint: https://login.example.com/token
  userInfoEndpoint: https://login.example.com/user
  clientId: caretaker
  clientSecret: arn:aws:secretsmanager:eu-central-1:123456789012:secret:sign-in-AbCdEf
teams:
  platform: { owner: platform@example.com, channel: '#platform' }
`
const SERVICES: Record<string, string> = {
  site: `team: platform
kind: web
route:
  path: [/shop/*, /cart]
  host: [shop, www.shop.example.org]
  sources: [203.0.113.0/24]
  priority: 100
`,
  admin: 'team: platform\nkind: web\nroute: { host: admin, signIn: true, priority: 200 }\n',
  prices: `team: platform
port: 50051
ports: [9090]
route: { host: prices.example.com, path: "/shop.Prices/*", protocol: grpc, priority: 300 }
health: { codes: 0-99 }
`,
  broker: `team: platform
port: 1883
sidecars: { bridge: { image: coap@${DIGEST}, port: 5684 } }
nlb:
  - { port: 8883, protocol: tls }
  - { port: 1883, protocol: tcp }
  - { port: 5683, to: 5683, protocol: udp }
  - { port: 5684, protocol: tcp, container: bridge }
`,
}

let catalog: string
let assembly: Promise<string>
const stackOf = (name: string): Promise<Template> => template(`DevService-${name}`, assembly)

beforeAll(() => {
  const files = Object.entries(SERVICES).map(([name, yaml]) => [`services/${name}.yaml`, yaml])
  catalog = catalogOf({ 'environment.yaml': ENVIRONMENT, ...Object.fromEntries(files) })
  assembly = templatesOf(catalog, { isValidated: true })
})

describe('a route', () => {
  it('has several paths and hosts, below the domain and whole ones, and sources', async () => {
    const { Conditions } = only(await stackOf('site'), 'AWS::ElasticLoadBalancingV2::ListenerRule')
    expect(Conditions).toEqual([
      {
        Field: 'host-header',
        HostHeaderConfig: { Values: ['shop.dev.example.com', 'www.shop.example.org'] },
      },
      { Field: 'path-pattern', PathPatternConfig: { Values: ['/shop/*', '/cart'] } },
      { Field: 'source-ip', SourceIpConfig: { Values: ['203.0.113.0/24'] } },
    ])
  })

  it('has visitors sign in at the load balancer', async () => {
    const { Actions } = only(await stackOf('admin'), 'AWS::ElasticLoadBalancingV2::ListenerRule')
    expect(Actions).toMatchObject([
      { Type: 'authenticate-oidc', Order: 1, AuthenticateOidcConfig: { ClientId: 'caretaker' } },
      { Type: 'forward', Order: 2 },
    ])
  })

  it('leads to what speaks gRPC, and asks its health so', async () => {
    const prices = await stackOf('prices')
    expect(only(prices, 'AWS::ElasticLoadBalancingV2::TargetGroup')).toMatchObject({
      ProtocolVersion: 'GRPC',
      HealthCheckPath: '/AWS.ALB/healthcheck',
      Matcher: { GrpcCode: '0-99' },
    })
    expect(container(taskDefinition(prices))).toMatchObject({
      PortMappings: [{ ContainerPort: 50_051 }, { ContainerPort: 9090 }],
    })
  })
})

describe('the network load balancer', () => {
  it('leads several ports, TCP, TLS and UDP, to containers of one task', async () => {
    const broker = await stackOf('broker')
    const listeners = ofType(broker, 'AWS::ElasticLoadBalancingV2::Listener')
    expect(listeners.map(([, { Properties: one }]) => [one?.Port, one?.Protocol])).toEqual([
      [8883, 'TLS'],
      [1883, 'TCP'],
      [5683, 'UDP'],
      [5684, 'TCP'],
    ])
    const groups = ofType(broker, 'AWS::ElasticLoadBalancingV2::TargetGroup')
    expect(
      groups.map(([, { Properties: one }]) => [one?.Port, one?.Protocol, one?.HealthCheckPort]),
    ).toEqual([
      [1883, 'TCP', undefined],
      [1883, 'TCP', undefined],
      [5683, 'UDP', '1883'],
      [5684, 'TCP', undefined],
    ])
    expect(ecsService(broker).LoadBalancers).toMatchObject([
      { ContainerName: 'broker', ContainerPort: 1883 },
      { ContainerName: 'broker', ContainerPort: 1883 },
      { ContainerName: 'broker', ContainerPort: 5683 },
      { ContainerName: 'bridge', ContainerPort: 5684 },
    ])
    const environment = await template('DevEnvironment', assembly)
    const datagrams = ofType(environment, 'AWS::EC2::SecurityGroupIngress').filter(
      ([, { Properties: one }]) => one?.IpProtocol === 'udp',
    )
    expect(datagrams).toHaveLength(2)
  })
})

describe('what is asked from outside', () => {
  it('answers at each of its entrances, and to whom it is meant for', async () => {
    const stage = await Stage.open({ catalog })
    for (const name of Object.keys(SERVICES)) stage.push({ behaviour: 'healthy' }, name)
    await stage.minutes(15)
    const status = async (url: string) => (await stage.simulation.traffic.request(url)).status
    expect(await status('https://shop.dev.example.com/shop/1')).toBe(200)
    expect(await status('https://www.shop.example.org/cart')).toBe(200)
    expect(await status('https://www.shop.example.org/other')).toBe(404)
    expect(await status('https://prices.example.com/shop.Prices/Get')).toBe(200)
    expect(await status('https://admin.dev.example.com/')).toBe(302)
    for (const port of [8883, 1883, 5683, 5684]) {
      expect(await status(`tcp://:${port}`), `${port}`).toBe(200)
    }
    for (const name of Object.keys(SERVICES)) expect(stage.verdicts(name)).toEqual(['deployed'])
  })

  it('of another place than the sources gets what is there without the service', async () => {
    const elsewhere = SERVICES.site?.replace('203.0.113.0/24', '198.51.100.0/24') ?? ''
    const stage = await Stage.open({
      catalog: catalogOf({ 'environment.yaml': ENVIRONMENT, 'services/site.yaml': elsewhere }),
    })
    stage.push({ behaviour: 'healthy' }, 'site')
    await stage.minutes(10)
    const { status } = await stage.simulation.traffic.request('https://shop.dev.example.com/cart')
    expect(status).toBe(404)
  })
})
