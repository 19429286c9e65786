/** What an image that many use stands for on AWS. */
export type Stands =
  | { as: 'database' | 'cache' | 'bucket' | 'proxy' }
  /** Nothing here yet; what AWS has for it. */
  | { as: 'nothing'; because: string; remedy: string }

const NOTHING: readonly [RegExp, what: string, aws: string][] = [
  [/^(mysql|mariadb|percona(-server)?|mysql-server)$/, 'a MySQL server', 'RDS for MySQL'],
  [/^(mongo|mongodb|mongodb-community-server|ferretdb)$/, 'a MongoDB server', 'DocumentDB'],
  [/^rabbitmq$/, 'a RabbitMQ broker', 'Amazon MQ for RabbitMQ'],
  [/^(activemq(-\w+)?)$/, 'an ActiveMQ broker', 'Amazon MQ for ActiveMQ'],
  [
    /^(elasticsearch|opensearch|kibana|opensearch-dashboards|logstash)$/,
    'a search engine',
    'OpenSearch Service',
  ],
  [/^(kafka|cp-kafka|zookeeper|cp-zookeeper|redpanda|schema-registry)$/, 'a Kafka cluster', 'MSK'],
  [/^memcached$/, 'Memcached', 'ElastiCache, or the cache of the environment (`cache: true`)'],
  [/^(mssql.*|sqlserver|server)$/, 'a SQL Server', 'RDS for SQL Server'],
  [/^(cassandra|scylla)$/, 'a Cassandra cluster', 'Keyspaces'],
  [/^(neo4j)$/, 'a graph database', 'Neptune'],
  [/^(influxdb)$/, 'a time series database', 'Timestream for InfluxDB'],
  [
    /^(localstack|dynamodb-local|elasticmq|moto)$/,
    'AWS itself, simulated',
    'AWS, with the rights of its role (`may`)',
  ],
  [
    /^(mc)$/,
    'a task that prepares MinIO',
    '`bucket: true` of the service, whose bucket is there already',
  ],
]

/** The last part of an image's name, without tag and digest: `docker.io/library/redis:7` is `redis`. */
export const baseName = (image: string): string =>
  (image.split('@')[0] ?? '').split('/').at(-1)?.split(':')[0] ?? ''

/** What stands in for an image; undefined for an application. */
export function standsFor(image: string): Stands | undefined {
  const name = baseName(image)
  if (/^(postgres(ql)?|pgvector|postgis|timescaledb(-ha)?|alloydbomni)$/.test(name)) {
    return { as: 'database' }
  }
  if (/^(redis|redis-stack(-server)?|valkey|keydb|dragonfly)$/.test(name)) return { as: 'cache' }
  if (name === 'minio') return { as: 'bucket' }
  if (/^(nginx|nginx-unprivileged|nginx-proxy|traefik|caddy|haproxy|envoy|httpd)$/.test(name)) {
    return { as: 'proxy' }
  }
  // Microsoft's image of SQL Server is called `mssql/server`.
  const found = NOTHING.find(([pattern]) =>
    pattern.test(name === 'server' && !image.includes('mssql') ? '' : name),
  )
  if (found === undefined) return undefined
  const [, what, aws] = found
  return {
    as: 'nothing',
    because: `it is ${what}, which an environment of Caretaker does not have`,
    remedy: `make it in AWS (${aws}), and put its address into the variables that name it here`,
  }
}

/** Ports of protocols that are not HTTP: only the network load balancer leads there. */
const NOT_HTTP = [
  21, 22, 25, 53, 110, 143, 389, 465, 587, 1025, 636, 993, 995, 1883, 3306, 4222, 5432, 5672, 6379,
  8883, 9092, 11_211, 27_017, 50_051,
]

export const isHttpPort = (port: number): boolean => !NOT_HTTP.includes(port)
