import { describe, expect, test } from 'vitest'
import { refusal } from '../kits/broken.ts'

const PAYMENTS = 'team: ordering\nsecrets: [PROVIDER_KEY]\n'
const DIGEST = `sha256:${'0'.repeat(64)}`

/** Lines of a service's file besides `team: ordering`, the line and field that are wrong, and what is said. */
const IMAGES: [string, string][] = [
  [
    'image: rabbitmq:3\n',
    '2 image: found "rabbitmq:3", allowed: an image of somebody else by its digest, such as docker.io/library/rabbitmq@sha256:…; no push rolls it out; change it',
  ],
  [
    'image: rabbitmq@DIGEST\ndeploy: main\n',
    '3 deploy: found "main", allowed: nothing beside image: no push rolls it out; remove it, or remove image',
  ],
  [
    'image: rabbitmq@DIGEST\nrepository: shop/mq\n',
    '3 repository: found "shop/mq", allowed: nothing beside image: no push rolls it out; remove it, or remove image',
  ],
  [
    'image: rabbitmq@DIGEST\nsource: { repository: acme/mq, builder: github-actions, ownerId: 1, repositoryId: 2 }\n',
    '3 source: found {"builder":"github-actions","repository":"acme/mq","branch":"main","ownerId":..., allowed: nothing beside image: it is not pushed to a repository of this environment; remove it, or remove image',
  ],
  [
    'image: rabbitmq@DIGEST\nimmutableTags: true\n',
    '3 immutableTags: found true, allowed: nothing beside image: a digest never changes; remove it, or remove image',
  ],
  [
    'image: rabbitmq@DIGEST\nrefuseFindings: high\n',
    '3 refuseFindings: found "high", allowed: nothing beside image: it is not pushed to a repository of this environment; remove it, or remove image',
  ],
  [
    'image: rabbitmq@DIGEST\npreDeploy: [migrate]\n',
    '3 preDeploy: found ["migrate"], allowed: nothing beside image: it is not pushed to a repository of this environment; remove it, or remove image',
  ],
  [
    'image: rabbitmq@DIGEST\ndeployment: { bake: 60 }\n',
    '3 deployment.bake: found 60, allowed: nothing beside image: Caretaker watches what pushes roll out; remove it, or remove image',
  ],
  [
    'image: rabbitmq@DIGEST\ndeployment: { deadline: 600 }\n',
    '3 deployment.deadline: found 600, allowed: nothing beside image: Caretaker watches what pushes roll out; remove it, or remove image',
  ],
  [
    'pullSecret: shop/registry\n',
    '2 pullSecret: found "shop/registry", allowed: nothing without image; remove it, or add image',
  ],
  [
    'image: 210987654321.dkr.ecr.eu-west-1.amazonaws.com/base@DIGEST\npullSecret: shop/registry\n',
    '3 pullSecret: found "shop/registry", allowed: nothing: images of ECR are pulled with the rights of a role; remove it',
  ],
  [
    'image: rabbitmq@DIGEST\npullSecret: "user:password"\n',
    '3 pullSecret: found "user:password", allowed: a secret of Secrets Manager with username and password of a private registry, by name or ARN; change it',
  ],
  [
    'sidecars:\n  proxy: { pullSecret: shop/registry, command: [a] }\n',
    '3 sidecars.proxy.pullSecret: found "shop/registry", allowed: nothing without image; remove it, or add image',
  ],
  [
    'kind: job\nimage: rabbitmq@DIGEST\n',
    '1 runs: found nothing, allowed: when a job runs: cron(0 6 ? * MON-FRI *) or rate(1 day); add it',
  ],
]

const TABLES: [string, [string, string][]][] = [['images of others', IMAGES]]

describe.each(TABLES)('a broken file says where, what and what to do: %s', (_, rows) => {
  test.each(rows)('%j', (yaml, expected) => {
    const { message } = refusal({
      'services/alpha.yaml': `team: ordering\n${yaml.replaceAll('DIGEST', DIGEST)}`,
      'services/payments.yaml': PAYMENTS,
    })
    expect(message).toBe(`services/alpha.yaml:${expected}`)
  })
})
