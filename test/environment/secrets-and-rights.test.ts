import { beforeAll, describe, expect, it, test } from 'vitest'
import { templatesOf } from '../../local/simulation/synth.ts'
import { catalogOf } from '../kits/catalog.ts'
import { Rights } from '../kits/rights.ts'
import { allowed, container, taskDefinition } from '../kits/services.ts'
import { ofType, only, type Template, template } from '../kits/synth.ts'

const KEY = 'arn:aws:kms:eu-central-1:123456789012:key/0a1b2c3d'
const ABROAD = 'arn:aws:secretsmanager:eu-central-1:210987654321:secret:mail-AbCdEf'

/** One service that uses what exists already in every way. */
const SHOP = `team: ordering
command: [celery, --app, shop, worker]
entryPoint: [/app/start.sh]
environment: { discovery.type: single-node, http_proxy: "", _JAVA_OPTIONS: -Xmx200m }
secrets:
  TOKEN: new
  SENTRY_DSN: { parameter: /shared/sentry-dsn }
  PLAIN: { parameter: plain, encryptedBy: "${KEY}" }
  MAIL_PASSWORD: { secret: shop/mail, key: password }
  ABROAD: { secret: "${ABROAD}" }
  PROVIDER_KEY: { of: payments }
may:
  - { queues: [orders.fifo], access: read }
  - { queues: [invoices], topics: [news], access: write }
  - { tables: [carts], buckets: [shop-images] }
  - { actions: ["ssm:Get*"], resources: ["arn:aws:ssm:<region>:<account>:parameter/shop/*"] }
  - { actions: [translate:TranslateText], resources: ["*"] }
`
const PAYMENTS = 'team: ordering\nsecrets: [PROVIDER_KEY]\n'
const ENVIRONMENT = `name: dev
region: eu-central-1
owner: platform
boundary: [translate]
teams:
  platform: { owner: platform@example.com, channel: '#platform' }
  ordering: { owner: ordering@example.com, channel: '#ordering' }
`

let assembly: string
let shop: Template

beforeAll(async () => {
  assembly = await templatesOf(
    catalogOf({
      'environment.yaml': ENVIRONMENT,
      'services/shop.yaml': SHOP,
      'services/payments.yaml': PAYMENTS,
    }),
    // cdk-nag has nothing unexplained.
    { isValidated: true },
  )
  shop = await template('DevService-shop', Promise.resolve(assembly))
})

/** An ARN as text, with what CloudFormation puts into it in brackets. */
function flat(value: unknown): string {
  if (typeof value === 'string') return value
  const { 'Fn::Join': join, Ref } = value as { 'Fn::Join'?: [string, unknown[]]; Ref?: string }
  return join ? join[1].map(flat).join(join[0]) : `<${Ref?.replace('AWS::', '').toLowerCase()}>`
}

describe('the container of a service', () => {
  it('begins with the words of its file, and finds variables of any name that ECS takes', () => {
    expect(container(taskDefinition(shop))).toMatchObject({
      Command: ['celery', '--app', 'shop', 'worker'],
      EntryPoint: ['/app/start.sh'],
      Environment: expect.arrayContaining([
        { Name: 'discovery.type', Value: 'single-node' },
        { Name: 'http_proxy', Value: '' },
        { Name: '_JAVA_OPTIONS', Value: '-Xmx200m' },
      ]),
    })
  })

  it('has secrets that exist already from where they are, and makes only the new one', () => {
    const { Secrets = [] } = container(taskDefinition(shop))
    const values = Object.fromEntries(Secrets.map(({ Name, ValueFrom }) => [Name, flat(ValueFrom)]))
    const at = (service: string) => `arn:aws:${service}:eu-central-1:<accountid>`
    expect(values).toEqual({
      TOKEN: expect.stringMatching(/^<secretTOKEN/i),
      SENTRY_DSN: `${at('ssm')}:parameter/shared/sentry-dsn`,
      PLAIN: `${at('ssm')}:parameter/plain`,
      MAIL_PASSWORD: `${at('secretsmanager')}:secret:shop/mail:password::`,
      ABROAD,
      PROVIDER_KEY: `${at('secretsmanager')}:secret:dev/payments/PROVIDER_KEY`,
    })
    expect(ofType(shop, 'AWS::SecretsManager::Secret')).toHaveLength(1)
    expect(only(shop, 'AWS::SecretsManager::Secret').Name).toBe('dev/shop/TOKEN')
  })

  it('is started by a role that reads just these', () => {
    const reading = allowed(shop, 'shop-execution').filter(({ Action }) =>
      ['secretsmanager:GetSecretValue', 'ssm:GetParameters', 'kms:Decrypt'].includes(
        String(Action),
      ),
    )
    const at = (service: string) => `arn:aws:${service}:eu-central-1:<accountid>`
    const arns = (resource: unknown) => [resource].flat().map(flat).toSorted()
    expect(reading.map(({ Action, Resource }) => [Action, arns(Resource)])).toEqual([
      [
        'secretsmanager:GetSecretValue',
        [
          expect.stringMatching(/^<secretTOKEN/i),
          ABROAD,
          `${at('secretsmanager')}:secret:dev/payments/PROVIDER_KEY-??????`,
          `${at('secretsmanager')}:secret:shop/mail-??????`,
        ],
      ],
      [
        'ssm:GetParameters',
        [`${at('ssm')}:parameter/plain`, `${at('ssm')}:parameter/shared/sentry-dsn`],
      ],
      ['kms:Decrypt', [KEY]],
    ])
  })
})

describe('the code in a service may do what its file says', () => {
  let rights: Rights
  beforeAll(async () => {
    rights = await Rights.open({ assembly })
  })

  const OWN = 'eu-central-1:123456789012'
  test.each([
    ['sqs:ReceiveMessage', `arn:aws:sqs:${OWN}:orders.fifo`, true],
    ['sqs:DeleteMessage', `arn:aws:sqs:${OWN}:orders.fifo`, true],
    ['sqs:SendMessage', `arn:aws:sqs:${OWN}:orders.fifo`, false],
    ['sqs:SendMessage', `arn:aws:sqs:${OWN}:invoices`, true],
    ['sqs:ReceiveMessage', `arn:aws:sqs:${OWN}:invoices`, false],
    ['sqs:SendMessage', `arn:aws:sqs:${OWN}:others`, false],
    ['sns:Publish', `arn:aws:sns:${OWN}:news`, true],
    ['dynamodb:GetItem', `arn:aws:dynamodb:${OWN}:table/carts`, true],
    ['dynamodb:Query', `arn:aws:dynamodb:${OWN}:table/carts/index/by-customer`, true],
    ['dynamodb:PutItem', `arn:aws:dynamodb:${OWN}:table/carts`, true],
    ['dynamodb:DeleteTable', `arn:aws:dynamodb:${OWN}:table/carts`, false],
    ['dynamodb:GetItem', `arn:aws:dynamodb:${OWN}:table/dev-caretaker`, false],
    ['s3:GetObject', 'arn:aws:s3:::shop-images/a.png', true],
    ['s3:PutObject', 'arn:aws:s3:::shop-images/a.png', true],
    ['s3:ListBucket', 'arn:aws:s3:::shop-images', true],
    ['s3:GetObject', 'arn:aws:s3:::other/a.png', false],
    ['ssm:GetParameter', `arn:aws:ssm:${OWN}:parameter/shop/colour`, true],
    ['ssm:PutParameter', `arn:aws:ssm:${OWN}:parameter/shop/colour`, false],
    ['ssm:GetParameter', `arn:aws:ssm:${OWN}:parameter/other`, false],
    ['translate:TranslateText', '*', true],
    [
      'secretsmanager:GetSecretValue',
      `arn:aws:secretsmanager:${OWN}:secret:shop/mail-AbCdEf`,
      false,
    ],
  ])('%s on %s: %s', (action, resource, expected) => {
    expect(rights.may('dev-shop-task', action, resource)).toBe(expected)
  })

  it('which is nothing where the file says nothing', () => {
    expect(rights.may('dev-payments-task', 'translate:TranslateText', '*')).toBe(false)
  })
})
