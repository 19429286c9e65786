import { tellsOf } from '../kits/broken.ts'

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

const JOBS: [string, string][] = [
  [
    'kind: worker\nretries: 2\n',
    '3 retries: found 2, allowed: nothing: retries is for job, and this is a worker; remove it or change kind',
  ],
  [
    'kind: job\nruns: rate(1 day)\nretries: 0\n',
    '4 retries: found 0, allowed: 1 to 10: how often a job is run again when it failed (not at all when absent); change it',
  ],
  [
    'kind: job\nruns: rate(1 day)\ntimeout: 1h\n',
    '4 timeout: found "1h", allowed: 60 to 604800 seconds for a run of a job, retries included; then it is stopped (any time when absent); change it',
  ],
  [
    'kind: job\nruns: rate(1 day)\ncount: 2\nretries: 1\n',
    '4 count: found 2, allowed: 1 with retries or timeout: one task is followed to its end; lower it, or remove retries and timeout',
  ],
]

const STORES: [string, string][] = [
  [
    'database: { size: large }\n',
    '2 database.size: found "large", allowed: nothing on the shared server: size is for a server of its own; remove it, or write on: own',
  ],
  [
    'database: { on: own, version: 13 }\n',
    '2 database.version: found 13, allowed: 14, 15, 16 or 17: PostgreSQL’s major version of its own server (17 when absent); change it',
  ],
  [
    'database: { on: own, size: smal }\n',
    '2 database.size: found "smal", allowed: micro, small, medium, large, xlarge, 2xlarge: its own server is a db.t4g of this size (micro when absent); did you mean small?',
  ],
  [
    'database: { on: own, storage: 5 }\n',
    '2 database.storage: found 5, allowed: 20 to 16384 GiB of disk of its own server, which may grow, never shrink (20 when absent); change it',
  ],
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
    '2 database.where: found an unknown field, allowed: on, version, size, storage, as; correct its spelling or remove it',
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

const ENTRANCES: [string, string][] = [
  [
    'route: { path: [/a, /b, /c, /d], host: [x.example.org, y.example.org], priority: 1 }\n',
    '2 route: found 6, allowed: up to 5 paths, hosts and sources together, as many as a rule may have; name fewer, with * where that fits',
  ],
  [
    'route: { path: [orders], priority: 1 }\n',
    '2 route.path.0: found "orders", allowed: a path pattern of the load balancer, such as /orders/*; change it',
  ],
  [
    'route: { path: [], priority: 1 }\n',
    '2 route.path: found [], allowed: a path pattern of the load balancer, such as /orders/*, or a list of them; change it',
  ],
  [
    'route: { host: [Shop.example.org], priority: 1 }\n',
    '2 route.host.0: found "Shop.example.org", allowed: the label before the domain: orders for https://orders.dev.example.com; change it',
  ],
  [
    'route: { path: /a, sources: [10.0.0.1], priority: 1 }\n',
    '2 route.sources.0: found "10.0.0.1", allowed: a range of addresses, such as 192.0.2.0/24 or 192.0.2.7/32; change it',
  ],
  [
    'route: { path: /a, sources: 10.0.0.0/8, priority: 1 }\n',
    '2 route.sources: found "10.0.0.0/8", allowed: a list of address ranges from which it is reached, such as [192.0.2.0/24]; put it into a list: [10.0.0.0/8]',
  ],
  [
    'route: { path: [/a, /a], priority: 1 }\n',
    '2 route.path: found "/a", allowed: each once; remove it in one place',
  ],
  [
    'route: { path: /a, protocol: http3, priority: 1 }\n',
    '2 route.protocol: found "http3", allowed: http1, http2 or grpc: what the container speaks (http1 when absent); change it',
  ],
  [
    'route: { path: /a, protocol: grpc, priority: 1 }\n',
    '2 route.protocol: found "grpc", allowed: http1 or http2: the load balancer takes gRPC over HTTPS only; change it, or add certificate to environment.yaml',
  ],
  [
    'route: { path: /a, priority: 1 }\nhealth: { codes: 12 }\n',
    '3 health.codes: found "12", allowed: answers of HTTP, 200 to 499, such as 200-299; change it',
  ],
  [
    'route: { path: /a, signIn: true, priority: 1 }\n',
    '2 route.signIn: found true, allowed: false: the environment has no signIn; remove it, or add signIn to environment.yaml',
  ],
  [
    'nlb: []\n',
    '2 nlb: found [], allowed: a port of the network load balancer, or a list of up to 5 with port, protocol, to; change it',
  ],
  [
    'nlb: [{ port: 70000 }]\n',
    '2 nlb.0.port: found 70000, allowed: 1 to 65535: where the network load balancer listens; change it',
  ],
  [
    'nlb: [{ port: 7000, protocol: http }]\n',
    '2 nlb.0.protocol: found "http", allowed: tcp, tls or udp (tls where the environment has a certificate, else tcp); change it',
  ],
  [
    'nlb: [{ port: 7000, container: proxy }]\n',
    '2 nlb.0.container: found "proxy", allowed: nothing: no sidecar has a port; change it, or give the sidecar a port',
  ],
  [
    'nlb: [{ port: 7000, target: 80 }]\n',
    '2 nlb.0.target: found an unknown field, allowed: port, protocol, to, container; correct its spelling or remove it',
  ],
  [
    'nlb: [{ port: 7000 }, { port: 7000, to: 81 }]\n',
    '2 nlb: found 7000, allowed: each once; remove it in one place',
  ],
  [
    'nlb: [{ port: 1 }, { port: 2 }, { port: 3 }, { port: 4 }, { port: 5 }, { port: 6 }]\n',
    '2 nlb: found [{"port":1},{"port":2},{"port":3},{"port":4},{"port":5},{"port":6}], allowed: a port of the network load balancer, or a list of up to 5 with port, protocol, to; change it',
  ],
  [
    'nlb: tcp\n',
    '2 nlb: found "tcp", allowed: a port of the network load balancer, or a list of up to 5 with port, protocol, to; change it',
  ],
  [
    'ports: 9090\n',
    '2 ports: found 9090, allowed: a list of further ports at which its container listens, such as [9090]; change it',
  ],
  [
    'ports: [8080]\n',
    '2 ports.0: found 8080, allowed: each port once, and none that port has; remove it',
  ],
  [
    'kind: worker\nports: [9090]\n',
    '3 ports: found [9090], allowed: nothing: ports is for web, api, and this is a worker; remove it or change kind',
  ],
  [
    'ports: [9090]\nsidecars:\n  metrics: { image: nginx@DIGEST, port: 9090 }\n',
    '4 sidecars.metrics.port: found 9090, allowed: a port that no other container of the task has; the service has this; change it',
  ],
  [
    'nlb: [{ port: 7000, protocol: tls }]\n',
    '2 nlb.0.protocol: found "tls", allowed: tcp or udp: the environment has no certificate; change it, or add certificate to environment.yaml',
  ],
]

const OVERRIDES: [string, string][] = [
  [
    'override: { tsk: {} }\n',
    '2 override.tsk: found an unknown field, allowed: task, service, containers; did you mean task?',
  ],
  [
    'override: { task: { PidMod: task } }\n',
    '2 override.task.PidMod: found an unknown property, allowed: one of the 18 properties of AWS::ECS::TaskDefinition; did you mean PidMode?',
  ],
  [
    'override: { task: { PidMode: [task] } }\n',
    '2 override.task.PidMode: found ["task"], allowed: a text; change it',
  ],
  [
    'override: { task: { Family: mine } }\n',
    '2 override.task.Family: found "mine", allowed: what Caretaker does not set itself; remove it',
  ],
  [
    'override: { task: { Cpu: 512 } }\n',
    '2 override.task.Cpu: found 512, allowed: what no key is for; cpu is; write cpu instead',
  ],
  [
    'override: { service: { DesiredCount: 2 } }\n',
    '2 override.service.DesiredCount: found 2, allowed: what no key is for; count is; write count instead',
  ],
  [
    'override: { service: { AvailabilityZoneRebalancing: true } }\n',
    '2 override.service.AvailabilityZoneRebalancing: found true, allowed: a text; change it',
  ],
  [
    'override: { service: { Monitoring: yes } }\n',
    '2 override.service.Monitoring: found "yes", allowed: MetricConfigurations; change it',
  ],
  [
    'kind: job\nruns: rate(1 day)\noverride: { service: { PlatformVersion: "1.4.0" } }\n',
    '4 override.service: found {"PlatformVersion":"1.4.0"}, allowed: nothing: a job is a task, and no ECS service; remove it',
  ],
  [
    'override: { containers: { beta: { User: "1000" } } }\n',
    '2 override.containers.beta: found no container of this name, allowed: alpha; change it',
  ],
  [
    'override: { containers: { alpha: { Usr: "1000" } } }\n',
    '2 override.containers.alpha.Usr: found an unknown property, allowed: one of the 42 properties of AWS::ECS::TaskDefinition ContainerDefinition; did you mean User?',
  ],
  [
    'override: { containers: { alpha: { Ulimits: { Name: nofile } } } }\n',
    '2 override.containers.alpha.Ulimits: found {"Name":"nofile"}, allowed: a list; change it',
  ],
  [
    'override: { containers: { alpha: { Ulimits: [{ Name: nofile, Soft: 1024 }] } } }\n',
    '2 override.containers.alpha.Ulimits.0.Soft: found an unknown property, allowed: a property of AWS::ECS::TaskDefinition Ulimit: HardLimit, Name, SoftLimit; did you mean SoftLimit?',
  ],
  [
    'override: { containers: { alpha: { ReadonlyRootFilesystem: "yes" } } }\n',
    '2 override.containers.alpha.ReadonlyRootFilesystem: found "yes", allowed: true or false; change it',
  ],
  [
    'override: { containers: { alpha: { Environment: [] } } }\n',
    '2 override.containers.alpha.Environment: found [], allowed: what no key is for; environment is; write environment instead',
  ],
  [
    'override: { containers: { alpha: { Privileged: true } } }\n',
    '2 override.containers.alpha.Privileged: found true, allowed: what tasks on Fargate may have; remove it',
  ],
  [
    'override: { containers: { alpha: User } }\n',
    '2 override.containers.alpha: found "User", allowed: another value; change it',
  ],
  [
    'override: { containers: { alpha: { User: 1000 } } }\n',
    '2 override.containers.alpha.User: found 1000, allowed: a text; put it into quotes',
  ],
]

const LOGS: [string, string][] = [
  [
    'logs: { retention: 31 }\n',
    '2 logs.retention: found 31, allowed: days for which lines are kept: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653 (30 when absent); change it',
  ],
  [
    'logs: { days: 30 }\n',
    '2 logs.days: found an unknown field, allowed: retention, router, options, secrets; correct its spelling or remove it',
  ],
  [
    'logs: { options: { Name: http } }\n',
    '2 logs.options: found {"Name":"http"}, allowed: nothing without router: CloudWatch Logs has none; remove it, or add router',
  ],
  [
    'logs: { secrets: { apikey: KEY } }\n',
    '2 logs.secrets: found {"apikey":"KEY"}, allowed: nothing without router: CloudWatch Logs has none; remove it, or add router',
  ],
  [
    'logs: { router: fluent }\n',
    '2 logs.router: found "fluent", allowed: nothing: no sidecar has an image of its own; change it, or add the sidecar',
  ],
  [
    'sidecars: { router: { image: fluent@DIGEST } }\nlogs: { router: ruter }\n',
    '3 logs.router: found "ruter", allowed: router; did you mean router?',
  ],
  [
    'sidecars: { router: { image: fluent@DIGEST, after: started } }\nlogs: { router: router }\n',
    '2 sidecars.router.after: found "started", allowed: nothing: what routes the lines of the service starts before it; remove it',
  ],
  [
    'secrets: [LOGS_KEY]\nsidecars: { router: { image: fluent@DIGEST } }\nlogs: { router: router, secrets: { apikey: LOG_KEY } }\n',
    '4 logs.secrets.apikey: found "LOG_KEY", allowed: LOGS_KEY; did you mean LOGS_KEY?',
  ],
]

const MESSAGES: [string, string][] = [
  [
    'queues: jobs\n',
    '2 queues: found "jobs", allowed: a list of queues (SQS) of its own; or each by name with visibility, tries, from and more; change it',
  ],
  [
    'queues: [Jobs]\n',
    '2 queues.0: found "Jobs", allowed: up to 32 lower-case letters, digits and single hyphens, a letter first; change it',
  ],
  [
    'queues: { jobs: { visibility: 1m } }\n',
    '2 queues.jobs.visibility: found "1m", allowed: 0 to 43200 seconds in which nobody else gets a message that was read (30 when absent); change it',
  ],
  [
    'queues: { jobs: { retry: 3 } }\n',
    '2 queues.jobs.retry: found an unknown field, allowed: visibility, tries, retention, delay, from; correct its spelling or remove it',
  ],
  [
    'queues: { jobs: { from: [news] } }\n',
    '2 queues.jobs.from.0: found "news", allowed: nothing: no service has a topic; change it, or add the topic to a service',
  ],
  [
    'topics: [news]\nqueues: { jobs: { from: [nwes] } }\n',
    '3 queues.jobs.from.0: found "nwes", allowed: news; did you mean news?',
  ],
  [
    'queues: { jobs: { fifo: true } }\n',
    '2 queues.jobs.fifo: found an unknown field, allowed: visibility, tries, retention, delay, from; correct its spelling or remove it',
  ],
  ['queues: [jobs, jobs]\n', '2 queues: found "jobs", allowed: each once; remove it in one place'],
  [
    'sends: [jobs]\n',
    '2 sends.0: found "jobs", allowed: nothing: no service has a queue or a topic; change it, or add it to the service that reads it',
  ],
  [
    'queues: [jobs]\nsends: [jobs]\n',
    '3 sends.0: found "jobs", allowed: a queue or topic of another service; remove it: a service may send to its own',
  ],
  [
    'topics: [my_news]\n',
    '2 topics.0: found "my_news", allowed: up to 32 lower-case letters, digits and single hyphens, a letter first; change it',
  ],
  [
    'queues: [jobs]\nenvironment: { JOBS_QUEUE_URL: a }\n',
    '3 environment.JOBS_QUEUE_URL: found "JOBS_QUEUE_URL", allowed: a name that nothing else sets; rename it; the catalog sets this one itself',
  ],
  [
    'scaling: { max: 3, requests: 100 }\n',
    '2 scaling.requests: found 100, allowed: nothing without route: nobody counts requests; remove it',
  ],
  [
    'scaling: { max: 3, backlog: 10 }\n',
    '2 scaling.backlog: found 10, allowed: nothing without queue; remove it, or add queue',
  ],
  [
    'queues: [jobs]\nscaling: { max: 3, queue: job }\n',
    '3 scaling.queue: found "job", allowed: jobs; did you mean jobs?',
  ],
  [
    'scaling: { max: 3, queue: jobs }\n',
    '2 scaling.queue: found "jobs", allowed: nothing: the service has no queue; change it, or add it to queues',
  ],
  [
    'scaling: { max: 3, memory: 95 }\n',
    '2 scaling.memory: found 95, allowed: the memory to keep to, 20 to 90 percent; change it',
  ],
  [
    'scaling: { max: 3, rps: 10 }\n',
    '2 scaling.rps: found an unknown field, allowed: min, max, cpu, memory, requests, queue, backlog; correct its spelling or remove it',
  ],
]

const TABLES: [string, [string, string][]][] = [
  ['images of others', IMAGES],
  ['data stores and env files', STORES],
  ['jobs', JOBS],
  ['entrances', ENTRANCES],
  ['overrides', OVERRIDES],
  ['logs', LOGS],
  ['messages and scaling', MESSAGES],
]

tellsOf(TABLES)
