/** Keys that belong together, each with lines of YAML that use it. */
type Section = { title: string; about?: string; keys: Readonly<Record<string, string>> }

/**
 * Every key of `services/<name>.yaml`, in the order in which docs/catalog.md shows them. An example
 * together with `team:` is a whole file; `test/catalog/examples.test.ts` reads each of them.
 */
export const SERVICE_EXAMPLES: readonly Section[] = [
  {
    title: 'What it is',
    keys: {
      team: 'team: storefront',
      kind: 'kind: worker',
      environments:
        'count: 1\nenvironments:\n  prod: { count: 3, cpu: 1024, memory: 2048, schedule: always-on }',
      cluster: 'cluster: frontend',
      dependsOn: 'dependsOn: [orders, products]',
    },
  },
  {
    title: 'Its image',
    keys: {
      deploy: 'deploy: semver:~1.4',
      repository: 'repository: shop/orders',
      image: `image: docker.io/library/rabbitmq@sha256:${'0123456789abcdef'.repeat(4)}`,
      pullSecret: `image: registry.example.com/mq/broker@sha256:${'0123456789abcdef'.repeat(4)}\npullSecret: shop/registry`,
      source: 'source: { repository: acme/orders, branch: main }',
      immutableTags: 'immutableTags: true',
      refuseFindings: 'refuseFindings: critical',
      platform: 'platform: x86_64',
    },
  },
  {
    title: 'How large it is',
    keys: {
      cpu: 'cpu: 1024\nmemory: 2048',
      memory: 'memory: 1024',
      count: 'count: 2',
      scaling:
        'kind: worker\nqueues: [jobs]\nscaling: { min: 1, max: 3, cpu: 60, queue: jobs, backlog: 20 }',
      spot: 'spot: true',
    },
  },
  {
    title: 'How it is reached',
    keys: {
      port: 'port: 3000',
      securityGroups: 'securityGroups: [sg-0123456789abcdef0]',
      route: 'route: { path: /orders/*, priority: 100 }',
      nlb: 'nlb: [{ port: 8883, to: 1883, protocol: tls }, { port: 1883 }]',
      ports: 'ports: [9090]',
      wakeOnRequest: 'route: { path: /orders/*, priority: 100 }\nwakeOnRequest: false',
      wakeFor: 'route: { path: /orders/*, priority: 100 }\nwakeFor: all',
    },
  },
  {
    title: 'When it is healthy',
    keys: {
      healthPath: 'healthPath: /health',
      healthCommand: 'healthCommand: wget -q -O /dev/null http://localhost:8080/health',
      health: 'healthCommand: /app/check\nhealth: { start: 180, interval: 15 }',
      circuit: 'route: { path: /orders/*, priority: 100 }\ncircuit: true',
    },
  },
  {
    title: 'How a new image takes over',
    keys: {
      deployment: 'deployment: { minimum: 0, maximum: 100, bake: 600 }',
      preDeploy: 'preDeploy: [./manage.py, migrate]',
    },
  },
  {
    title: 'What its container finds',
    about:
      'ECS puts no values together. Where an application wants one URL with a password in it, `as` of `database` or `cache` makes a secret that holds it; its password is then not rotated, unlike that of every other service. The passwords that are made here have no character that means something in a URL. Env files are read when the templates are made: their variables stand in the task definition, so that secrets belong elsewhere.',
    keys: {
      environment: 'environment: { LOG_LEVEL: debug, RETRIES: 3 }',
      envFiles: 'envFiles: [env/shop.env]',
      secrets:
        'secrets:\n  SMTP_PASSWORD: new\n  SENTRY_DSN: { parameter: /shared/sentry-dsn }\n  MAIL_KEY: { secret: shop/mail, key: api-key }\n  PROVIDER_KEY: { of: orders }',
      aliases: 'database: shared\naliases: { DB_HOST: PGHOST, DB_PASSWORD: PGPASSWORD }',
      command: 'command: [celery, --app, shop, worker]',
      entryPoint: 'entryPoint: [/app/start.sh]',
    },
  },
  {
    title: 'Where it keeps data',
    keys: {
      database:
        'database: { on: own, version: 16, size: small, storage: 50, as: { DATABASE_URL: url, DB_HOST: host } }',
      cache: 'cache: { as: { REDIS_URL: url } }',
      bucket: 'bucket: true',
      files: 'files: /data',
    },
  },
  {
    title: 'Containers beside its own',
    about:
      'A task may have several containers. They share one network: each finds the others at `localhost`. With `before: done` one runs to its end first; several run one after the other, in the order of the file.',
    keys: {
      sidecars: `sidecars:
  nginx:
    image: public.ecr.aws/nginx/nginx@sha256:${'0123456789abcdef'.repeat(4)}
    port: 80
    after: started
    mounts: { static: /usr/share/nginx/html }
  assets:
    command: [./manage.py, collectstatic]
    before: done
route: { path: /shop/*, priority: 100, container: nginx }
mounts: { static: /app/static }`,
      mounts:
        'mounts:\n  cache: /var/cache/app\n  uploads: { path: /app/uploads, on: files }\n  themes: { path: /app/themes, on: files, readOnly: true }',
      disk: 'disk: 50',
    },
  },
  {
    title: 'What it may do in AWS',
    about:
      'A service’s code may do nothing in AWS but what its file asks for. What `bucket`, `files` and the like need comes with them; `may` is for everything else. IAM’s own list says which actions there are; the boundary `<environment>-boundary` bounds what any role may do.',
    keys: {
      may: 'may:\n  - { queues: [invoices], access: write }\n  - { tables: [carts], buckets: [shop-images] }\n  - { actions: [ssm:GetParameter], resources: ["arn:aws:ssm:<region>:<account>:parameter/shop/*"] }',
    },
  },
  {
    title: 'Its messages',
    about:
      'A service reads from queues of its own and publishes to topics of its own; others name them in `sends`. `jobs` is found in the variable `JOBS_QUEUE_URL`, and the topic `news` in `NEWS_TOPIC_ARN`. A message that was read five times without being deleted goes to a second queue, `<environment>-<queue>-queue-dead-letters`, for two weeks. Names are unique in the environment.',
    keys: {
      queues: 'topics: [news]\nqueues: { jobs: { visibility: 120, tries: 3, from: [news] } }',
      topics: 'topics: [news]',
      sends: 'sends: [invoices]',
    },
  },
  {
    title: 'When it runs and sleeps',
    keys: {
      schedule: 'schedule: office-hours',
      order: 'order: 15',
      idle: 'idle: 4h',
      importance: 'importance: low',
      sleepsForBudget: 'sleepsForBudget: false',
      runs: 'kind: job\nruns: cron(30 18 ? * MON-FRI *)',
      retries: 'kind: job\nruns: rate(1 day)\nretries: 2',
      timeout: 'kind: job\nruns: rate(1 day)\ntimeout: 3600',
    },
  },
  {
    title: 'How it is watched',
    about:
      'What a container writes is in CloudWatch Logs, and the message of a roll-out that failed shows its last lines from there. With a log router (`logs.router`) the lines of the service’s own container go where the router sends them: such a message then has no last lines of it, and `caretaker logs` finds none. Those of the router and of other sidecars are in CloudWatch Logs all the same.',
    keys: {
      alarms: 'alarms: { latency: 1, errors: { threshold: 5, severity: page } }',
      tracing: 'tracing: true',
      exec: 'exec: false',
      logs: `secrets: [LOGS_KEY]\nsidecars: { router: { image: public.ecr.aws/aws-observability/aws-for-fluent-bit@sha256:${'0123456789abcdef'.repeat(4)} } }\nlogs: { retention: 14, router: router, options: { Name: http, Host: logs.example.com }, secrets: { Header: LOGS_KEY } }`,
    },
  },
  {
    title: 'What no key is for',
    about:
      'A property of the ECS task definition, of one of its containers or of the ECS service may be set by its name in CloudFormation: limits, a user, a root that is only read. Maps are put together with what is there, lists replace it. What a key of the catalog is for, and what Caretaker’s work rests on, cannot be set so. The page of the service names what is.',
    keys: {
      override:
        'override:\n  containers:\n    alpha:\n      User: "1000"\n      ReadonlyRootFilesystem: true\n      Ulimits: [{ Name: nofile, SoftLimit: 65536, HardLimit: 65536 }]',
    },
  },
]

/** Every key of `environment.yaml`; an example with `name`, `region`, `owner` and `teams` is a file. */
export const ENVIRONMENT_EXAMPLES: readonly Section[] = [
  {
    title: 'What it is',
    keys: {
      name: 'name: dev',
      account: 'account: "123456789012"',
      region: 'region: eu-central-1',
      owner: 'owner: platform',
      timeZone: 'timeZone: Europe/Berlin',
    },
  },
  {
    title: 'Who belongs to it',
    keys: {
      teams:
        'teams:\n  platform:\n    owner: platform@example.com\n    channel: "#platform"\n    members: [{ email: ann@example.com, slack: T0CARETAKER/U0ANN }]',
      operators: 'operators: { members: [{ email: olga@example.com }] }',
    },
  },
  {
    title: 'Its network',
    keys: {
      availabilityZones: 'availabilityZones: 3',
      cidr: 'cidr: 10.20.0.0/16',
      nat: 'nat: instance',
      natGateways: 'natGateways: 2',
      interfaceEndpoints: 'interfaceEndpoints: [ecr, logs]',
      namespace: 'namespace: dev.internal',
      domain:
        'domain: dev.example.com\ncertificate: arn:aws:acm:eu-central-1:123456789012:certificate/0a1b2c3d',
      hostedZone:
        'domain: dev.example.com\ncertificate: arn:aws:acm:eu-central-1:123456789012:certificate/0a1b2c3d\nhostedZone: Z0123456789ABC',
      certificate: 'certificate: arn:aws:acm:eu-central-1:123456789012:certificate/0a1b2c3d',
      signIn:
        'certificate: arn:aws:acm:eu-central-1:123456789012:certificate/0a1b2c3d\nsignIn:\n  issuer: https://login.example.com\n  authorizationEndpoint: https://login.example.com/authorize\n  tokenEndpoint: https://login.example.com/token\n  userInfoEndpoint: https://login.example.com/user\n  clientId: caretaker\n  clientSecret: arn:aws:secretsmanager:eu-central-1:123456789012:secret:sign-in-AbCdEf',
    },
  },
  {
    title: 'Where images come from',
    keys: {
      connection:
        'connection: arn:aws:codeconnections:eu-central-1:123456789012:connection/0a1b2c3d',
      repositoryPrefix: 'repositoryPrefix: dev/',
    },
  },
  {
    title: 'When it runs and sleeps',
    keys: {
      schedules:
        'schedules:\n  office-hours:\n    running: [{ days: mon-fri, from: 07:00, to: 20:00 }]',
      schedule:
        'schedules:\n  office-hours:\n    running: [{ days: mon-fri, from: 07:00, to: 20:00 }]\nschedule: office-hours',
      calendars: 'calendars:\n  germany: { 2026-12-25: Christmas Day }',
      idle: 'idle: 4h',
    },
  },
  {
    title: 'What Caretaker may do',
    keys: {
      features: 'features: { sleep: act, tags: tell, budgets: tell, health: act }',
      budget: 'budget: 600',
      anomalies: 'anomalies: { monitor: owner, above: 20 }',
      boundary: 'boundary: [ses, translate]',
      passRoles: 'passRoles: [ecsTaskExecutionRole, shop-*]',
      tags: 'tags: { watch: ["ec2:instance", "ecs:service"], required: { cost-center: {} } }',
      trail: 'trail: own',
    },
  },
  {
    title: 'How it is watched',
    keys: {
      alarms: 'alarms: { email: platform@example.com, databaseCpu: 80 }',
      links: 'links: { runbooks: "https://github.com/acme/caretaker/blob/main/docs/runbooks" }',
      parts: 'parts: { kubernetes: true, bastion: false }',
    },
  },
]

/** The examples by key. */
export const examplesOf = (sections: readonly Section[]): Record<string, string> =>
  Object.assign({}, ...sections.map(({ keys }) => keys)) as Record<string, string>
