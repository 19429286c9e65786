/** An instance of a service in Cloud Map, with what ECS and the load balancer say of its task. */
export type Instance = {
  /** Cloud Map's id, which is the task's. */
  id: string
  /** Whether callers find it: DiscoverInstances says HEALTHY. */
  found: boolean
  /** ECS's word; absent for a task that is gone, or that somebody else registered. */
  task?: { status: string; health: string }
  /** The load balancer's word: `healthy`, `unhealthy`, `initial`, `draining`…; absent without one. */
  target?: string
}

/** A service as AWS shows it at one moment. */
export type Seen = {
  desired: number
  /** A deployment replaces tasks: ECS takes instances out and brings others. */
  replacing: boolean
  instances: readonly Instance[]
}

/** Whether ECS or the load balancer says that it fails. */
export const fails = ({ task, target }: Instance): boolean =>
  target === 'unhealthy' || task?.health === 'UNHEALTHY'

/**
 * Whether it answers: ECS runs it, and whoever checks it calls it healthy. ECS's word is never
 * overruled: what it calls UNHEALTHY does not answer, whatever the load balancer says.
 */
export const answers = ({ task, target }: Instance): boolean =>
  task?.status === 'RUNNING' &&
  task.health !== 'UNHEALTHY' &&
  (target === undefined ? task.health === 'HEALTHY' : target === 'healthy')

/** Whether anybody checks its health: else nothing is known of it, good or bad. */
export const isChecked = ({ task, target }: Instance): boolean =>
  target !== undefined || (task !== undefined && task.health !== 'UNKNOWN')
