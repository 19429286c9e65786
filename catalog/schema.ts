import * as z from 'zod'

/**
 * What a catalog may say. The description of a field is what an error shows as allowed, so it
 * names the allowed values, not the field.
 */

/** Names become parts of AWS names; the shortest limit is the target group's 32 characters. */
const ENVIRONMENT_NAME = z
  .string()
  .regex(/^[a-z][a-z0-9]{1,9}$/)
  .describe('2 to 10 lower-case letters and digits, a letter first')
export const SERVICE_NAME = z
  .string()
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/)
  .max(20)
  .describe('up to 20 lower-case letters, digits and single hyphens, a letter first')

const team = z.strictObject({
  owner: z.email().describe('the e-mail address of a person or a list'),
  channel: z
    .string()
    .regex(/^(#[a-z0-9_-]{1,80}|[CG][A-Z0-9]{8,})$/)
    .describe("a Slack channel: '#name' (quoted) or its id"),
})

/** `environment.yaml` */
export const environmentSchema = z.strictObject({
  name: ENVIRONMENT_NAME,
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/)
    .describe('an AWS Region, such as eu-central-1'),
  availabilityZones: z
    .int()
    .min(2)
    .max(3)
    .default(2)
    .describe('2 or 3; the load balancer needs two'),
  cidr: z
    .cidrv4()
    // A VPC is /16 to /28; below /20 the subnets have no room for a task per address.
    .regex(/\/(1[6-9]|20)$/)
    .default('10.20.0.0/16')
    .describe('an IPv4 network of /16 to /20, such as 10.20.0.0/16'),
  namespace: z
    .string()
    .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/)
    .default('dev.internal')
    .describe('a private domain name, such as dev.internal'),
  certificate: z
    .string()
    .regex(/^arn:aws[a-z-]*:acm:/)
    .optional()
    .describe('the ARN of an ACM certificate for the load balancer'),
  owner: z.string().describe('the team that owns what no service owns: one of teams'),
  teams: z
    .record(z.string().regex(/^[a-z][a-z0-9-]*$/), team)
    .refine((teams) => Object.keys(teams).length > 0)
    .describe('at least one team: a lower-case name with owner and channel'),
})

const route = z.strictObject({
  path: z
    .string()
    .regex(/^\/[A-Za-z0-9_.$/~"'@:+*?&-]{0,127}$/)
    .describe('a path pattern of the load balancer, such as /orders/*'),
  priority: z
    .int()
    .min(1)
    .max(50_000)
    .describe('1 to 50000, the lower the earlier; give /* the highest number'),
})

/** `services/<name>.yaml`; the file's name is the service's. Sized for development. */
export const serviceSchema = z.strictObject({
  team: z.string().describe('one of the teams of environment.yaml'),
  cluster: z.enum(['frontend', 'backend']).describe('frontend or backend'),
  repository: z
    .string()
    // https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html
    .regex(/^(?=.{2,256}$)[a-z0-9]+([._-][a-z0-9]+)*(\/[a-z0-9]+([._-][a-z0-9]+)*)*$/)
    .optional()
    .describe("an ECR repository name; the service's own name when absent"),
  deploy: z
    .string()
    .default('main')
    .describe('a tag (main), glob:<pattern> (glob:feature-*), semver:<range> (semver:~1.4) or off'),
  port: z.int().min(1).max(65_535).default(8080).describe('1 to 65535'),
  count: z.int().min(1).max(10).default(1).describe('1 to 10 tasks'),
  cpu: z
    .literal([256, 512, 1024, 2048, 4096])
    .default(256)
    .describe('256, 512, 1024, 2048 or 4096 units'),
  memory: z.int().multipleOf(512).max(30_720).default(512).describe('512 to 30720 MiB by 512'),
  route: route.optional(),
  healthPath: z
    .string()
    .regex(/^\/\S*$/)
    .default('/')
    .describe('a path the load balancer asks, such as /health'),
  healthCommand: z
    .string()
    .min(1)
    .optional()
    .describe('a shell command inside the container that exits 0 when it is healthy'),
})

export type Environment = z.infer<typeof environmentSchema>
export type Service = Omit<z.infer<typeof serviceSchema>, 'repository'> & {
  name: string
  repository: string
}
/** Everything the catalog says, services by name. */
export type Catalog = { environment: Environment; services: Service[] }
