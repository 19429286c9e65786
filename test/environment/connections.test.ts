import { beforeAll, describe, expect, it } from 'vitest'
import { readCatalog } from '../../catalog/read.ts'
import { warningsOf } from '../../cli/synth/warnings.ts'
import { templatesOf } from '../../local/simulation/synth.ts'
import { refusal } from '../kits/broken.ts'
import { catalogOf } from '../kits/catalog.ts'
import { Stage } from '../kits/roll-outs.ts'
import { allowed, container, taskDefinition } from '../kits/services.ts'
import { ofType, type Template, template } from '../kits/synth.ts'

const SHOP = `team: ordering
envFiles: [env/common.env, env/shop.env]
environment: { LEVEL: warning }
database:
  as:
    DATABASE_URL: url
    JDBC: "jdbc:postgresql://{host}:{port}/{name}"
    DB_HOST: host
    DB_PASSWORD: password
cache: { as: { CELERY_BROKER_URL: "rediss://:{password}@{host}:{port}/1?ssl_cert_reqs=required", KEYS: prefix } }
`
const COMMON = '# For all\nLEVEL=debug\nREGION=eu\nexport GREETING="hello, # world"\n'
const OWN = 'REGION=us\nSMTP_PASSWORD=correct-horse-battery\n'

let catalog: string
let shop: Template

beforeAll(async () => {
  catalog = catalogOf({
    'services/shop.yaml': SHOP,
    'services/plain.yaml': 'team: ordering\ndatabase: { on: shared }\n',
    'env/common.env': COMMON,
    'env/shop.env': OWN,
  })
  shop = await template('DevService-shop', templatesOf(catalog, { isValidated: true }))
})

describe('a service finds its data stores in the variables that it wants', () => {
  it('has plain parts as variables, and what holds a password from a secret', () => {
    const { Environment = [], Secrets = [] } = container(taskDefinition(shop))
    const variables = Object.fromEntries(Environment.map(({ Name, Value }) => [Name, Value]))
    expect(variables).toMatchObject({ KEYS: 'shop:', DB_HOST: variables.PGHOST })
    expect(JSON.stringify(variables.JDBC)).toMatch(/jdbc:postgresql:.*\/shop/)
    const from = Object.fromEntries(
      Secrets.map(({ Name, ValueFrom }) => [Name, JSON.stringify(ValueFrom)]),
    )
    expect(from.DB_PASSWORD).toBe(from.PGPASSWORD)
    expect(from.DATABASE_URL).toContain(':DATABASE_URL::')
    expect(from.CELERY_BROKER_URL).toContain(':CELERY_BROKER_URL::')
  })

  it('has no password that rotates inside a URL; that of another service goes on rotating', async () => {
    expect(ofType(shop, 'AWS::SecretsManager::RotationSchedule')).toEqual([])
    const plain = await template('DevService-plain', templatesOf(catalog, { isValidated: true }))
    expect(ofType(plain, 'AWS::SecretsManager::RotationSchedule')).toHaveLength(1)
  })

  it('is started by a role that reads just these secrets', () => {
    const reading = allowed(shop, 'shop-execution').filter(
      ({ Action }) => Action === 'secretsmanager:GetSecretValue',
    )
    expect(reading.flatMap(({ Resource }) => Resource)).toHaveLength(3)
  })

  it('runs, and its secret holds the URL that CloudFormation has put together', async () => {
    const stage = await Stage.open({ catalog })
    stage.push({ behaviour: 'healthy' }, 'shop')
    await stage.minutes(10)
    expect(stage.verdicts('shop')).toEqual(['deployed'])
    const value = async (SecretId: string): Promise<Record<string, string>> => {
      const call = stage.call<{ SecretString: string }>('secrets-manager', 'GetSecretValue', {
        SecretId,
      })
      return JSON.parse((await call).SecretString)
    }
    const { username, password, host, port } = await value('dev/shop/database')
    expect((await value('dev/shop/urls')).DATABASE_URL).toBe(
      `postgresql://${username}:${password}@${host}:${port}/shop`,
    )
  })
})

describe('the variables of env files', () => {
  it('stand behind those of the service, and a later file before an earlier one', () => {
    expect(readCatalog(catalog).services.at(-1)?.environment).toEqual({
      LEVEL: 'warning',
      REGION: 'us',
      GREETING: 'hello, # world',
      SMTP_PASSWORD: 'correct-horse-battery',
    })
  })

  it('are warned of where they look like secrets, with the file that they are in', () => {
    expect(warningsOf(readCatalog(catalog), new Date('2026-03-02T09:00:00Z'))).toContainEqual(
      expect.stringMatching(/env\/shop\.env: SMTP_PASSWORD looks like a secret/),
    )
  })

  it('are told of at their line when something else sets them, or ECS does not take their name', () => {
    const { message } = refusal({
      'services/shop.yaml': 'team: ordering\nenvFiles: [env/shop.env]\n',
      'env/shop.env': 'A=1\nPORT=3000\n',
    })
    expect(message).toBe(
      'env/shop.env:2 PORT: found "PORT", allowed: a name that nothing else sets; rename it; the catalog sets this one itself',
    )
    const longer = refusal({
      'services/shop.yaml': 'team: ordering\nenvFiles: [env/shop.env]\n',
      'env/shop.env': 'export PORT = 3000\nPORTAL=shop\n',
    })
    expect(longer.message).toContain('env/shop.env:1 PORT: found "PORT"')
    const none = refusal({ 'services/shop.yaml': 'team: ordering\nenvFiles: [env/none.env]\n' })
    expect(none.message).toBe(
      'services/shop.yaml:2 envFiles.0: found "env/none.env", allowed: a file of the catalog, such as env/shop.env; add the file, or remove it here',
    )
  })
})
