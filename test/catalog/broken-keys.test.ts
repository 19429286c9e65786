import { tellsOf } from '../kits/broken.ts'

/** Lines of a service's file besides `team: ordering`, the line and field that are wrong, and what is said. */
const SECRETS: [string, string][] = [
  [
    'secrets:\n  A: nwe\n',
    '3 secrets.A: found "nwe", allowed: new (its value is put in by hand), or parameter, secret or of: where it is; did you mean new?',
  ],
  [
    'secrets:\n  A: {}\n',
    '3 secrets.A: found none of them, allowed: one of parameter, secret and of; write one of them',
  ],
  [
    'secrets:\n  A: { parameter: /a, secret: b }\n',
    '3 secrets.A: found parameter and secret, allowed: one of parameter, secret and of; write one of them',
  ],
  [
    'secrets:\n  A: { parameter: /a, key: b }\n',
    '3 secrets.A.key: found "b", allowed: nothing: only the text of a secret is JSON with keys; remove it',
  ],
  [
    'secrets:\n  A: { paramter: /a }\n',
    '3 secrets.A.paramter: found an unknown field, allowed: parameter, secret, key, of, encryptedBy; did you mean parameter?',
  ],
  [
    'secrets:\n  A: { parameter: "a b" }\n',
    '3 secrets.A.parameter: found "a b", allowed: a parameter of Systems Manager by its name, such as /shop/smtp, or its ARN; change it',
  ],
  [
    'secrets:\n  A: { secret: "a:b" }\n',
    '3 secrets.A.secret: found "a:b", allowed: a secret of Secrets Manager by its name, such as shop/smtp, or its ARN; change it',
  ],
  [
    'secrets:\n  A: { secret: a, encryptedBy: alias/own }\n',
    '3 secrets.A.encryptedBy: found "alias/own", allowed: the ARN of the KMS key, where it is not AWS’s own (aws/ssm, aws/secretsmanager); change it',
  ],
  [
    'secrets:\n  A: { of: paymens }\n',
    '3 secrets.A.of: found "paymens", allowed: alpha, payments; did you mean payments?',
  ],
  [
    'secrets:\n  A: { of: payments }\n',
    '3 secrets.A.of: found "payments", allowed: a service that has a new secret A; payments has PROVIDER_KEY; change it, or add the secret there',
  ],
  [
    'secrets:\n  A: { secret: rds!db-1 }\n',
    '3 secrets.A.secret: found "rds!db-1", allowed: a secret that the environment has not made for itself or for a service; let the service have a user of its own: database',
  ],
  [
    'secrets:\n  A: { secret: dev/caretaker/slack }\n',
    '3 secrets.A.secret: found "dev/caretaker/slack", allowed: a secret that the environment has not made for itself or for a service; share the secret of a service, if that is meant: of: caretaker',
  ],
  [
    'environment: { A: b }\nsecrets:\n  A: { parameter: /a }\n',
    '4 secrets.A: found "A", allowed: a name that nothing else sets; remove it in one place',
  ],
  [
    'secrets:\n  PORT: { parameter: /a }\n',
    '3 secrets.PORT: found "PORT", allowed: a name that nothing else sets; rename it; the catalog sets this one itself',
  ],
  [
    'secrets: { 9LIVES: new }\n',
    '2 secrets.9LIVES: found "9LIVES", allowed: letters, digits, _, . and -, a letter or _ first, such as LOG_LEVEL; rename it',
  ],
  [
    'command: npm start\n',
    '2 command: found "npm start", allowed: a list of words in place of the image’s CMD, such as [celery, worker]; put it into a list: [npm, start]',
  ],
  [
    'entryPoint: []\n',
    '2 entryPoint: found [], allowed: a list of words in place of the image’s ENTRYPOINT, such as [sh, -c]; change it',
  ],
]

const RIGHTS: [string, string][] = [
  [
    'may:\n  - {}\n',
    '3 may.0: found {}, allowed: actions with resources, or names: queues, topics, tables, buckets; write one of the two',
  ],
  [
    'may:\n  - { actions: [sqs:SendMessage] }\n',
    '3 may.0.resources: found nothing, allowed: a list of ARNs beside actions, or ["*"]; add it',
  ],
  [
    'may:\n  - { actions: [sqs:SendMesage], resources: ["*"] }\n',
    '3 may.0.actions.0: found "sqs:SendMesage", allowed: an action of sqs that IAM knows; did you mean sqs:SendMessage?',
  ],
  [
    'may:\n  - { actions: [sqss:SendMessage], resources: ["*"] }\n',
    '3 may.0.actions.0: found "sqss:SendMessage", allowed: the prefix of an AWS service, such as sqs; correct it',
  ],
  [
    'may:\n  - { actions: [SendMessage], resources: ["*"] }\n',
    '3 may.0.actions.0: found "SendMessage", allowed: an action of IAM, such as sqs:SendMessage; change it',
  ],
  [
    'may:\n  - { actions: ["*"], resources: ["*"] }\n',
    '3 may.0.actions.0: found "*", allowed: an action of IAM, such as sqs:SendMessage; change it',
  ],
  [
    'may:\n  - { actions: [ses:SendEmail], resources: ["*"] }\n',
    '3 may.0.actions.0: found "ses:SendEmail", allowed: what the boundary of the environment’s roles lets through; add ses to boundary in environment.yaml',
  ],
  [
    'may:\n  - { actions: [iam:PassRole], resources: ["*"] }\n',
    '3 may.0.actions.0: found "iam:PassRole", allowed: of IAM and STS only sts:AssumeRole: a service gives no rights, and passes no role; remove it',
  ],
  [
    'may:\n  - { actions: ["iam:*"], resources: ["*"] }\n',
    '3 may.0.actions.0: found "iam:*", allowed: of IAM and STS only sts:AssumeRole: a service gives no rights, and passes no role; remove it',
  ],
  [
    'may:\n  - { actions: [s3:DeleteBucket], resources: ["*"] }\n',
    '3 may.0.actions.0: found "s3:DeleteBucket", allowed: anything but what deletes whole stores of data, which no role may; remove it',
  ],
  [
    'may:\n  - { actions: ["sqs:Zz*"], resources: ["*"] }\n',
    '3 may.0.actions.0: found "sqs:Zz*", allowed: an action of sqs that IAM knows; correct it',
  ],
  [
    'may:\n  - { actions: [sqs:SendMessage], resources: [orders] }\n',
    '3 may.0.resources.0: found "orders", allowed: an ARN, in which <region> and <account> stand for the environment’s own; or *; change it',
  ],
  [
    'may:\n  - { queues: [a], actions: [sqs:SendMessage], resources: ["*"] }\n',
    '3 may.0.queues: found ["a"], allowed: actions with resources, or names: queues, topics, tables, buckets; make two entries of it',
  ],
  [
    'may:\n  - { queues: [a], resources: ["*"] }\n',
    '3 may.0.resources: found ["*"], allowed: nothing beside names; remove it, or write actions',
  ],
  [
    'may:\n  - { actions: [sqs:SendMessage], resources: ["*"], access: read }\n',
    '3 may.0.access: found "read", allowed: nothing beside actions, which say it; remove it',
  ],
  [
    'may:\n  - { topics: [a], access: read }\n',
    '3 may.0.access: found "read", allowed: write: a service only publishes to a topic; change it',
  ],
  [
    'may:\n  - { queues: [a], access: reads }\n',
    '3 may.0.access: found "reads", allowed: read, write or both: what it may do with what is named (both when absent); did you mean read?',
  ],
  [
    'may:\n  - { queues: ["a b"] }\n',
    '3 may.0.queues.0: found "a b", allowed: the name of a queue; change it',
  ],
  [
    'may:\n  - { tables: [ab] }\n',
    '3 may.0.tables.0: found "ab", allowed: the name of a table; change it',
  ],
  [
    'may:\n  - { buckets: [Images] }\n',
    '3 may.0.buckets.0: found "Images", allowed: the name of a bucket; change it',
  ],
  [
    'may: { queues: [a] }\n',
    '2 may: found {"queues":["a"]}, allowed: a list of what its code may do in AWS: actions on resources, or queues, topics, tables and buckets by name; change it',
  ],
]

const SIDECARS: [string, string][] = [
  [
    'sidecars:\n  nginx: { image: nginx:1.27 }\n',
    '3 sidecars.nginx.image: found "nginx:1.27", allowed: an image by its digest, such as public.ecr.aws/nginx/nginx@sha256:… (the service’s own image, with all it finds, when absent); change it',
  ],
  [
    'sidecars:\n  Nginx: { image: DIGEST }\n',
    '3 sidecars.Nginx: found "Nginx", allowed: lower-case letters, digits and hyphens, a letter first; rename it',
  ],
  [
    'sidecars:\n  alpha: { image: nginx@DIGEST }\n',
    '3 sidecars.alpha: found "alpha", allowed: a name that no other container of the task has; rename it',
  ],
  [
    'tracing: true\nsidecars:\n  collector: { image: nginx@DIGEST }\n',
    '4 sidecars.collector: found "collector", allowed: a name that no other container of the task has; rename it',
  ],
  [
    'sidecars:\n  nginx: { image: nginx@DIGEST, port: 8080 }\n',
    '3 sidecars.nginx.port: found 8080, allowed: a port that no other container of the task has; the service has this; change it',
  ],
  [
    'tracing: true\nsidecars:\n  other: { image: nginx@DIGEST, port: 4318 }\n',
    '4 sidecars.other.port: found 4318, allowed: a port that no other container of the task has; the collector of tracing has this; change it',
  ],
  [
    'sidecars:\n  nginx: { image: nginx@DIGEST, depends_on: [a] }\n',
    '3 sidecars.nginx.depends_on: found an unknown field, allowed: image, pullSecret, command, entryPoint, environment, secrets, port, healthCommand, before, after, essential, memory, mounts; correct its spelling or remove it',
  ],
  [
    'sidecars:\n  nginx: { image: nginx@DIGEST, before: ready }\n',
    '3 sidecars.nginx.before: found "ready", allowed: started, healthy or done: the service’s container waits until this one is so; done is for what runs once and ends with 0; change it',
  ],
  [
    'sidecars:\n  nginx: { image: nginx@DIGEST, before: healthy }\n',
    '3 sidecars.nginx.before: found "healthy", allowed: healthy only with a healthCommand of this container; add healthCommand, or write started',
  ],
  [
    'sidecars:\n  nginx: { image: nginx@DIGEST, after: healthy }\n',
    '3 sidecars.nginx.after: found "healthy", allowed: healthy only with a healthCommand of the service; add healthCommand, or write started',
  ],
  [
    'sidecars:\n  nginx: { image: nginx@DIGEST, before: started, after: started }\n',
    '3 sidecars.nginx.after: found "started", allowed: either before or after: each would wait for the other; remove one of them',
  ],
  [
    'sidecars:\n  init: { before: done, essential: true }\n',
    '3 sidecars.init.essential: found true, allowed: false for what ends before the service begins; remove it',
  ],
  [
    'secrets: [TOKEN]\nsidecars:\n  nginx: { image: nginx@DIGEST, secrets: [TOKNE] }\n',
    '4 sidecars.nginx.secrets.0: found "TOKNE", allowed: TOKEN; did you mean TOKEN?',
  ],
  [
    'sidecars:\n  nginx: { image: nginx@DIGEST, secrets: [TOKEN] }\n',
    '3 sidecars.nginx.secrets.0: found "TOKEN", allowed: nothing: the service has no secrets; change it, or add it to the secrets of the service',
  ],
  [
    'secrets: [TOKEN]\nsidecars:\n  init: { before: done, secrets: [TOKEN] }\n',
    '4 sidecars.init.secrets.0: found "TOKEN", allowed: nothing: with the service’s own image it has all of its secrets; remove it',
  ],
  [
    'mounts: { static: /app/static }\nsidecars:\n  nginx: { image: nginx@DIGEST, mounts: { statik: /a } }\n',
    '4 sidecars.nginx.mounts.statik: found "statik", allowed: static; did you mean static?',
  ],
  [
    'sidecars:\n  nginx: { image: nginx@DIGEST, mounts: { files: /a } }\n',
    '3 sidecars.nginx.mounts.files: found "files", allowed: nothing: the service has neither files nor mounts; change it, or add it to the mounts of the service',
  ],
  [
    'sidecars:\n  nginx: { image: nginx@DIGEST, memory: 512 }\n',
    '2 sidecars: found 512 MiB, allowed: less in all sidecars than the task has, 512 MiB; lower one, or raise memory',
  ],
  [
    'route: { path: /a, priority: 1, container: nginx }\n',
    '2 route.container: found "nginx", allowed: nothing: no sidecar has a port; change it, or give the sidecar a port',
  ],
  [
    'route: { path: /a, priority: 1, container: ngnix }\nsidecars:\n  nginx: { image: nginx@DIGEST, port: 80 }\n',
    '2 route.container: found "ngnix", allowed: nginx; did you mean nginx?',
  ],
  [
    'files: /data\nmounts: { cache: /data }\n',
    '3 mounts.cache: found "/data", allowed: a path where nothing else is mounted; files is; change one of them',
  ],
  [
    'mounts: { files: /data }\n',
    '2 mounts.files: found "files", allowed: another name: files is the shared file system; rename it',
  ],
  [
    'mounts: { cache: data }\n',
    '2 mounts.cache: found "data", allowed: where it is mounted, such as /data, or path, on, of, readOnly; change it',
  ],
  [
    'mounts: { cache: { path: data } }\n',
    '2 mounts.cache.path: found "data", allowed: where it is mounted, such as /data; change it',
  ],
  [
    'mounts: { cache: { path: /data, on: efs } }\n',
    '2 mounts.cache.on: found "efs", allowed: disk, the task’s own, which ends with it, or files, the file system, which keeps it (disk when absent, files with of); change it',
  ],
  [
    'mounts: { cache: { path: /data, readonly: true } }\n',
    '2 mounts.cache.readonly: found an unknown field, allowed: path, on, of, readOnly; did you mean readOnly?',
  ],
  [
    'mounts: { cache: { path: /data, on: disk, of: payments } }\n',
    '2 mounts.cache.on: found "disk", allowed: files: the disk of a task is seen by no other; remove on, or of',
  ],
  [
    'mounts: { cache: { path: /data, of: paymens } }\n',
    '2 mounts.cache.of: found "paymens", allowed: payments; did you mean payments?',
  ],
  [
    'mounts: { cache: { path: /data, of: payments } }\n',
    '2 mounts.cache.of: found "payments", allowed: a service that keeps a mount cache of its own (on: files); payments has none; change it, or add the mount there',
  ],
  [
    'mounts: { a: { path: /data, on: files }, b: { path: /data, on: files } }\n',
    '2 mounts.b: found "/data", allowed: a path where nothing else is mounted; a is; change one of them',
  ],
  [
    'disk: 20\n',
    '2 disk: found 20, allowed: 21 to 200 GiB of disk for each task (20 when absent); change it',
  ],
]

const DEPLOYMENTS: [string, string][] = [
  [
    'preDeploy: ./manage.py migrate\n',
    '2 preDeploy: found "./manage.py migrate", allowed: a list of words: the command of a task that runs before each deployment, with the new image; a failure leaves the service as it is; put it into a list: [./manage.py, migrate]',
  ],
  [
    'kind: job\nruns: rate(1 day)\npreDeploy: [migrate]\n',
    '4 preDeploy: found ["migrate"], allowed: nothing: preDeploy is for web, api, worker, and this is a job; remove it or change kind',
  ],
]

const VALUES: [string, string][] = [
  [
    'aliases: { DB_HOST: PGHOST }\n',
    '2 aliases.DB_HOST: found "PGHOST", allowed: a variable that it has: SERVICE_NAME, ENVIRONMENT, PORT; change it, or ask for what brings it',
  ],
  [
    'secrets: [API_KEY]\naliases: { KEY: API_KEI }\n',
    '3 aliases.KEY: found "API_KEI", allowed: a variable that it has: SERVICE_NAME, ENVIRONMENT, PORT, API_KEY; did you mean API_KEY?',
  ],
  [
    'environment: { A: b }\naliases: { A: PORT }\n',
    '3 aliases.A: found "A", allowed: a name that nothing else sets; remove it in one place',
  ],
  [
    'aliases: { PORT: SERVICE_NAME }\n',
    '2 aliases.PORT: found "PORT", allowed: a name that nothing else sets; rename it; the catalog sets this one itself',
  ],
  [
    'route: { path: /a, priority: 1 }\nhealth: { codes: 500 }\n',
    '3 health.codes: found 500, allowed: answers of HTTP that are healthy, 200 to 499, such as 200-299 or 200,302 (200 when absent); of gRPC 0 to 99 (12 when absent); change it',
  ],
  [
    'nlb: 7000\nhealth: { codes: 200-299 }\n',
    '3 health.codes: found "200-299", allowed: nothing: no load balancer asks this service over HTTP (route); remove it',
  ],
  [
    'cpu: 8192\nmemory: 18432\n',
    '3 memory: found 18432, allowed: 16384 to 61440 MiB in steps of 4096 with cpu 8192; change memory or cpu',
  ],
  [
    'cpu: 16384\nmemory: 16384\n',
    '3 memory: found 16384, allowed: 32768 to 122880 MiB in steps of 8192 with cpu 16384; change memory or cpu',
  ],
  [
    'route: { path: /a, priority: 1, drain: 1m }\n',
    '2 route.drain: found "1m", allowed: 0 to 3600 seconds in which a task that ends finishes its requests (30 when absent); change it',
  ],
  [
    'route: { path: /a, priority: 1, sticky: true }\n',
    '2 route.sticky: found true, allowed: 1 to 604800 seconds in which a visitor’s requests go to one task (none when absent); change it',
  ],
  [
    'securityGroups: [default]\n',
    '2 securityGroups.0: found "default", allowed: the id of a security group, such as sg-0123456789abcdef0; change it',
  ],
  [
    'securityGroups: [sg-00000001, sg-00000002, sg-00000003, sg-00000004, sg-00000005]\n',
    '2 securityGroups: found ["sg-00000001","sg-00000002","sg-00000003","sg-00000004","sg-00000005"], allowed: a list of up to 4 security groups of the VPC by id, besides the one of its cluster; change it',
  ],
  [
    'exec: never\n',
    '2 exec: found "never", allowed: true or false: whether a person may open a shell in its container; change it',
  ],
]

const TABLES: [string, [string, string][]][] = [
  ['secrets and commands', SECRETS],
  ['rights', RIGHTS],
  ['containers', SIDECARS],
  ['deployments', DEPLOYMENTS],
  ['values', VALUES],
]

tellsOf(TABLES)
