import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { templatesOf } from '../../local/simulation/synth.ts'
import { catalogOf } from '../kits/catalog.ts'
import type { Template } from '../kits/synth.ts'

const LONGEST = 'a-name-of-two-and-thirty-letters'
const ENVIRONMENT = `name: developing
region: eu-central-1
owner: platform
connection: arn:aws:codeconnections:eu-central-1:123456789012:connection/0a1b2c3d
teams:
  platform: { owner: platform@example.com, channel: '#platform' }
`
const EVERYTHING = `team: platform
route: { path: /a/*, priority: 7 }
scaling: { max: 3 }
database: own
cache: true
bucket: true
files: /data
secrets: [TOKEN]
tracing: true
source: { repository: acme/shop }
`

/** Members that hold a name, and how long AWS lets it be. */
const LIMITS: Record<string, number> = {
  'AWS::CodePipeline::Pipeline Name': 100,
  'AWS::EC2::SecurityGroup GroupName': 255,
  'AWS::Events::Rule Name': 64,
  'AWS::IAM::Role RoleName': 64,
  'AWS::Lambda::Function FunctionName': 64,
  'AWS::RDS::DBInstance DBInstanceIdentifier': 63,
  'AWS::Scheduler::Schedule Name': 64,
  'AWS::ServiceDiscovery::Service Name': 63,
}

it('a service of the longest name, with everything, has no name that AWS would refuse', async () => {
  expect(LONGEST).toHaveLength(32)
  const directory = await templatesOf(
    catalogOf({
      'environment.yaml': ENVIRONMENT,
      [`services/${LONGEST}.yaml`]: EVERYTHING,
      [`services/${LONGEST.replace(/^a/, 'b')}.yaml`]:
        'team: platform\nkind: job\nruns: rate(1 day)\n',
    }),
  )
  const files = readdirSync(directory).filter((file) => file.endsWith('.template.json'))
  const names = files.flatMap((file) => {
    const { Resources } = JSON.parse(readFileSync(join(directory, file), 'utf8')) as Template
    return Object.values(Resources).flatMap(({ Type, Properties = {} }) =>
      Object.entries(Properties).map(([member, value]) => ({ what: `${Type} ${member}`, value })),
    )
  })
  const long = names.filter(
    ({ what, value }) => typeof value === 'string' && value.length > (LIMITS[what] ?? 255),
  )
  expect(long.filter(({ what }) => what in LIMITS)).toEqual([])
  // The longest are really there.
  const of = (what: string) => names.filter((one) => one.what === what).map(({ value }) => value)
  expect(of('AWS::IAM::Role RoleName')).toContain(`developing-${LONGEST}-database-execution`)
  expect(of('AWS::Events::Rule Name')).toContain(`developing-${LONGEST}-database`)
})
