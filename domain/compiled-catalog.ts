import * as z from 'zod/mini'
import { SEVERITIES } from './alarms.ts'
import { IMPORTANCE } from './budgets/importance.ts'
import { FEATURES, LEVELS } from './features.ts'
import { ALWAYS_ON, calendar, schedule } from './schedule/written.ts'
import { tagPolicy } from './tagging/policy.ts'

/** The file beside a function's bundle that holds the catalog, as far as functions need it. */
export const COMPILED_CATALOG = 'catalog.json'

const people = {
  members: z.array(z.object({ email: z.string(), slack: z.optional(z.string()) })),
  /** ARNs of IAM roles. */
  roles: z.array(z.string()),
}
/** Who may act: people by their e-mail address and Slack id (`T…/U…`), and roles. Empty is nobody. */
export type People = z.infer<z.ZodMiniObject<typeof people>>

/** Local times between which a channel is not notified; an end at or before the begin is tomorrow's. */
const quiet = z.object({ from: z.string(), to: z.string() })
export type QuietHours = z.infer<typeof quiet>

const stays = z.object({ what: z.string(), hour: z.number() })
export type Stays = z.infer<typeof stays>

/**
 * The catalog as functions read it: written when the templates are made (`catalog/compile.ts`),
 * checked at a function's cold start.
 */
export const compiledCatalog = z.object({
  /** The environment's name: `dev`. */
  environment: z.string(),
  /** The team that owns what no service owns; what nobody's channel is known for is told there. */
  owner: z.string(),
  /** The zone in which times are said to people. */
  timeZone: z.string(),
  /** Where pages of the repository are read, by their kind; messages lead there. */
  links: z.optional(
    z.object({ runbooks: z.optional(z.string()), console: z.optional(z.string()) }),
  ),
  teams: z.record(
    z.string(),
    z.object({ channel: z.string(), ...people, quiet: z.optional(quiet) }),
  ),
  operators: z.object(people),
  /** When things run, and the holidays on which they do not, by name. */
  schedules: z._default(z.record(z.string(), schedule), {}),
  calendars: z._default(z.record(z.string(), calendar), {}),
  /** By name. `cluster` is the ECS cluster's: `dev-backend`. */
  services: z.record(
    z.string(),
    z.object({
      team: z.string(),
      cluster: z.string(),
      kind: z.enum(['web', 'api', 'worker', 'job']),
      /** The repository it is built from: `acme/orders`. */
      source: z.optional(z.string()),
      /** Its circuit opens when its alarms of errors or unhealthy targets are red. */
      circuit: z.boolean(),
      /** How urgent it is that its tasks do not run. */
      missingTasks: z._default(z.enum(SEVERITIES), 'look'),
      /** What it needs: other services by name, and a database of its own or the shared one. */
      dependsOn: z._default(z.array(z.string()), []),
      database: z.optional(z.enum(['shared', 'own'])),
      /** Where the load balancer finds it, and whose requests wake it. */
      route: z.optional(
        z.object({
          /** Whole names; none where it is found by path alone. */
          hosts: z.array(z.string()),
          paths: z.array(z.string()),
          priority: z.number(),
          wakenBy: z.enum(['nobody', 'signed-in', 'browsers', 'all']),
        }),
      ),
      /** Tasks that its scaling leaves at the least. */
      leastTasks: z.optional(z.number()),
      /** The name of the schedule it sleeps by, or `always-on`. */
      schedule: z._default(z.string(), ALWAYS_ON),
      /** What is of low importance sleeps first for a budget, and whether it may at all. */
      importance: z._default(z.enum(IMPORTANCE), 'normal'),
      sleepsForBudget: z._default(z.boolean(), false),
      /** What one of its tasks is given: CPU units, MiB, and whether it is spare capacity. */
      task: z.optional(
        z.object({
          cpu: z.number(),
          memory: z.number(),
          spot: z.boolean(),
          platform: z._default(z.enum(['arm64', 'x86_64']), 'arm64'),
        }),
      ),
    }),
  ),
  /** What is paid by the hour whatever sleeps, in US dollars at list price. */
  stays: z._default(z.array(stays), []),
  /** Budgets by their names in AWS: of a team, or of the environment; US dollars a month. */
  budgets: z._default(
    z.array(
      z.object({
        name: z.string(),
        team: z.optional(z.string()),
        owner: z.string(),
        limit: z.number(),
        /** More than that in a month puts the team's services to sleep. */
        ceiling: z.number(),
        /** They sleep only when somebody says so. */
        asks: z._default(z.boolean(), false),
      }),
    ),
    [],
  ),
  /** Which tags are required; absent where nothing is watched. */
  tags: z.optional(tagPolicy),
  /** How much each feature may do. */
  features: z.record(z.enum(FEATURES), z.enum(LEVELS)),
})
export type CompiledCatalog = z.infer<typeof compiledCatalog>

/**
 * The Slack channel of a team; the owner's of the environment for a team that the catalog does not
 * have. The team comes from a tag, so that only the catalog's own names are looked up.
 */
export function channelOf({ teams, owner }: CompiledCatalog, team: string): string {
  const named = (name: string) => (Object.hasOwn(teams, name) ? teams[name]?.channel : undefined)
  return named(team) ?? named(owner) ?? ''
}
