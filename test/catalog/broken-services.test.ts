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

const STORES: [string, string][] = [
  [
    'database: { as: { DATABASE_URL: uri } }\n',
    '2 database.as.DATABASE_URL: found "uri", allowed: host, port, name, username, password, url, or a text with these in braces, such as {host}:{port}; did you mean url?',
  ],
  [
    'database: { as: { DATABASE_URL: "postgres://{user}@{host}" } }\n',
    '2 database.as.DATABASE_URL: found "postgres://{user}@{host}", allowed: in braces host, port, name, username, password; did you mean username?',
  ],
  [
    'database: { as: { 1A: url } }\n',
    '2 database.as.1A: found "1A", allowed: letters, digits, _, . and -, a letter or _ first, such as LOG_LEVEL; rename it',
  ],
  [
    'database: { as: { PGHOST: host } }\n',
    '2 database.as.PGHOST: found "PGHOST", allowed: a name that nothing else sets; rename it; the catalog sets this one itself',
  ],
  [
    'database: { as: { A: host } }\nenvironment: { A: b }\n',
    '2 database.as.A: found "A", allowed: a name that nothing else sets; remove it in one place',
  ],
  [
    'database: { on: mine }\n',
    '2 database.on: found "mine", allowed: shared or own: on the server of all, or on one of its own; change it',
  ],
  [
    'database: { where: shared }\n',
    '2 database.where: found an unknown field, allowed: on, as; correct its spelling or remove it',
  ],
  [
    'database: yes\n',
    '2 database: found "yes", allowed: shared or own: a PostgreSQL database on the server of all, or on one of its own; change it',
  ],
  [
    'cache: { as: { REDIS_URL: username } }\n',
    '2 cache.as.REDIS_URL: found "username", allowed: host, port, prefix, password, url, or a text with these in braces, such as {host}:{port}; change it, or write it in environment',
  ],
  [
    'cache: { as: { REDIS_URL: static } }\n',
    '2 cache.as.REDIS_URL: found "static", allowed: host, port, prefix, password, url, or a text with these in braces, such as {host}:{port}; change it, or write it in environment',
  ],
  [
    'cache: { url: true }\n',
    '2 cache.url: found an unknown field, allowed: as; correct its spelling or remove it',
  ],
  [
    'cache: redis\n',
    '2 cache: found "redis", allowed: true or false: a place in the cache (Valkey, as Redis) that all share; change it',
  ],
  [
    'kind: web\ndatabase: { as: { DATABASE_URL: url } }\n',
    '3 database: found "shared", allowed: a database only for services of the backend cluster; let a backend service own the data, or change cluster',
  ],
  [
    'envFiles: env/shop.env\n',
    '2 envFiles: found "env/shop.env", allowed: a list of files with a line NAME=value for each variable; environment goes before them, and a later file before an earlier one; put it into a list: [env/shop.env]',
  ],
  [
    'envFiles: [../shop.env]\n',
    '2 envFiles.0: found "../shop.env", allowed: a file below env/ of the catalog, such as env/shop.env; change it',
  ],
  [
    'envFiles: [env/shop.env]\n',
    '2 envFiles.0: found "env/shop.env", allowed: a file of the catalog, such as env/shop.env; add the file, or remove it here',
  ],
]

const TABLES: [string, [string, string][]][] = [
  ['images of others', IMAGES],
  ['data stores and env files', STORES],
]

describe.each(TABLES)('a broken file says where, what and what to do: %s', (_, rows) => {
  test.each(rows)('%j', (yaml, expected) => {
    const { message } = refusal({
      'services/alpha.yaml': `team: ordering\n${yaml.replaceAll('DIGEST', DIGEST)}`,
      'services/payments.yaml': PAYMENTS,
    })
    expect(message).toBe(`services/alpha.yaml:${expected}`)
  })
})
