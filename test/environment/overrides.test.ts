import { beforeAll, describe, expect, it } from 'vitest'
import { servicePage } from '../../catalog/page.ts'
import { readCatalog } from '../../catalog/read.ts'
import { templatesOf } from '../../local/simulation/synth.ts'
import { ecsProperties } from '../../scripts/ecs-properties.ts'
import { catalogOf } from '../kits/catalog.ts'
import { Stage } from '../kits/roll-outs.ts'
import { ecsService, taskDefinition } from '../kits/services.ts'
import { only, type Template, template } from '../kits/synth.ts'

const ROUTER = `public.ecr.aws/aws-observability/aws-for-fluent-bit@sha256:${'0123456789abcdef'.repeat(4)}`
const SHOP = `team: ordering
secrets: [LOGS_KEY]
sidecars:
  router: { image: ${ROUTER} }
logs: { retention: 14, router: router, options: { Name: http, Host: logs.example.com }, secrets: { Header: LOGS_KEY } }
override:
  task: { PidMode: task }
  service: { AvailabilityZoneRebalancing: ENABLED }
  containers:
    shop:
      User: '1000'
      ReadonlyRootFilesystem: true
      Ulimits: [{ Name: nofile, SoftLimit: 65536, HardLimit: 65536 }]
      DockerLabels: { com.example.team: shop }
    router: { StopTimeout: 60 }
`

let catalog: string
let shop: Template
beforeAll(async () => {
  catalog = catalogOf({ 'services/shop.yaml': SHOP })
  shop = await template('DevService-shop', templatesOf(catalog))
})

describe('what a file says by CloudFormation’s names', () => {
  it('stands in the templates beside what is there', () => {
    const definition = taskDefinition(shop)
    expect(definition.PidMode).toBe('task')
    expect(ecsService(shop).AvailabilityZoneRebalancing).toBe('ENABLED')
    const [own, router] = definition.ContainerDefinitions as Record<string, unknown>[]
    expect(own).toMatchObject({
      Name: 'shop',
      User: '1000',
      ReadonlyRootFilesystem: true,
      Ulimits: [{ Name: 'nofile', SoftLimit: 65_536, HardLimit: 65_536 }],
    })
    expect(own?.DockerLabels).toHaveProperty(['com.example.team'], 'shop')
    expect(own?.DockerLabels).toHaveProperty(['caretaker.placeholder'])
    expect(router).toMatchObject({ Name: 'router', StopTimeout: 60 })
  })

  it('is named on the service’s page', () => {
    const read = readCatalog(catalog)
    const [service] = read.services
    expect(service && servicePage(service, read)).toContain(
      'Its file sets by CloudFormation’s names: PidMode of the task definition, AvailabilityZoneRebalancing of the ECS service, User of the container shop, ReadonlyRootFilesystem of the container shop, Ulimits of the container shop, DockerLabels of the container shop, StopTimeout of the container router.',
    )
  })

  it('is held against what the CDK knows of CloudFormation’s schema', () => {
    const text =
      'function convertCfnTaskDefinitionUlimitPropertyToCloudFormation(properties){return cdk().canInspect(properties)?(V(properties).assertSuccess(),{HardLimit:cdk().numberToCloudFormation(properties.hardLimit),Names:cdk().listMapper(cdk().stringToCloudFormation)(properties.names)}):properties}'
    expect(ecsProperties(text)).toEqual({
      'TaskDefinition.Ulimit': { HardLimit: 'number', Names: ['string'] },
    })
  })
})

describe('the log of a service', () => {
  it('is kept as long as its file says, and sent on by the sidecar that starts before it', () => {
    expect(only(shop, 'AWS::Logs::LogGroup').RetentionInDays).toBe(14)
    const [own, router] = taskDefinition(shop).ContainerDefinitions as Record<string, unknown>[]
    expect(own).toMatchObject({
      DependsOn: [{ ContainerName: 'router', Condition: 'START' }],
      LogConfiguration: {
        LogDriver: 'awsfirelens',
        Options: { Name: 'http', Host: 'logs.example.com' },
        SecretOptions: [{ Name: 'Header' }],
      },
    })
    expect(router).toMatchObject({
      FirelensConfiguration: { Type: 'fluentbit' },
      LogConfiguration: { LogDriver: 'awslogs' },
    })
  })

  it('does not keep the service from running', async () => {
    const stage = await Stage.open({ catalog })
    stage.push(undefined, 'shop')
    await stage.minutes(10)
    expect(stage.verdicts('shop')).toEqual(['deployed'])
  })
})
