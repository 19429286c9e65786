import * as z from 'zod/mini'
import type { DeploymentChanged } from '../../events/deployment-changed.ts'
import { schema as deploymentChanged } from '../../events/deployment-changed.ts'
import type { TaskStopped } from '../../events/task-stopped.ts'
import { schema as taskStopped } from '../../events/task-stopped.ts'

export const environment = z.object({
  TABLE_NAME: z.string(),
  /** Seconds without progress after which a deployment that ECS has not ended is undone. */
  DEADLINE_SECONDS: z.coerce.number().check(z.int(), z.minimum(60)),
})

const common = {
  service: z.string(),
  serviceArn: z.string(),
  execution: z.string(),
  first: z.boolean(),
}

/** The service's own; null, or from machines of the version before absent, for the default. */
const deadlineSeconds = z.optional(z.nullable(z.number()))

/** From the machine: tell this token when the deployment has ended. */
const wait = z.strictObject({
  wait: z.strictObject({
    ...common,
    /** The revision that was deployed. */
    taskDefinition: z.string(),
    token: z.string(),
  }),
})

const kept = z.object({
  names: z.string(),
  environment: z.string(),
  repository: z.string(),
  digest: z.string(),
  /** Its manifest, where the plan has read it. */
  manifest: z.optional(z.string()),
  mediaType: z.optional(z.string()),
})

/** From the machine: is it (still) good? Answered at once. */
const check = z.strictObject({
  check: z.strictObject({
    ...common,
    bakeSeconds: z.number(),
    deadlineSeconds,
    verdict: z.string(),
    /**
     * When the deployment became steady; null when no event has said so. Machines of the version
     * before do not give it, and are answered as they expect: by errors.
     */
    steadyAt: z.optional(z.nullable(z.string())),
    /** The image whose scan is told; null, or from the version before absent, when there is none. */
    scanned: z.optional(z.nullable(z.object({ repository: z.string(), digest: z.string() }))),
    /**
     * What gets a name of its own if it is good; null where the plan was made by the version before,
     * absent where the machine is of it.
     */
    kept: z.optional(z.nullable(kept)),
    /** Whether a staged image is proved: nothing was deployed, the service has been woken. */
    prove: z._default(z.boolean(), false),
  }),
})

/** From the machine: does what ran before the roll-out run again? */
const back = z.strictObject({ back: z.strictObject({ ...common, deadlineSeconds }) })

/** From the machine: how is the task that runs before the deployment? Answered at once. */
const before = z.strictObject({
  before: z.strictObject({
    service: z.string(),
    serviceArn: z.string(),
    execution: z.string(),
    deadlineSeconds,
    container: z.string(),
    startedBy: z.string(),
    /** When it was first asked for. */
    since: z.string(),
    /** Its ARN; null before it has been started. */
    task: z.nullable(z.string()),
    /** Why ECS has not started it; null where it has. */
    refused: z.nullable(z.string()),
  }),
})

export const event = z.union([wait, check, back, before, deploymentChanged, taskStopped])

export type Wait = z.infer<typeof wait>['wait']
export type Before = z.infer<typeof before>['before']
export type Back = z.infer<typeof back>['back']
export type Check = z.infer<typeof check>['check']

/** The service an ECS event is about: named outright, or by the task's group and cluster. */
export function serviceArnOf(event: DeploymentChanged | TaskStopped): string {
  const { detail } = event
  if (!('group' in detail)) return event.resources[0]
  const task = detail as TaskStopped['detail']
  const name = task.group.replace(/^service:/, '')
  return `${task.clusterArn.replace(':cluster/', ':service/')}/${name}`
}
