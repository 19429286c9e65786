import type { Caller } from '../aws.ts'
import { Ecs } from '../ecs/ecs.ts'
import type { Target, Targets } from './model.ts'

const SCALING: Caller = { kind: 'aws', name: 'application-autoscaling' }

/** A service's desired count, its bounds, and how to change it. */
export type Scaled = {
  desired: number
  least: number
  most: number
  set(count: number): Promise<void>
}

export const clampedTo = (
  count: number,
  { least, most }: { least: number; most: number },
): number => Math.min(Math.max(count, least), most)

/** @returns undefined when there is no such service any more. */
export function scale({ aws }: Targets, { shape }: Target): Scaled | undefined {
  const { ResourceId = '', MinCapacity: least = 0, MaxCapacity: most = 0 } = shape
  const { cluster, service, desired } = ecsOf(aws.find(Ecs), ResourceId)
  if (desired === undefined) return undefined
  const set = async (desiredCount: number) => {
    const input = { cluster: aws.arn('ecs', `cluster/${cluster}`), service, desiredCount }
    await aws.call('ecs', 'UpdateService', input, SCALING)
  }
  return { desired, least, most, set }
}

/**
 * @param id `service/<cluster>/<name>`.
 * @returns what it names, and the desired count if there is such a service.
 */
export function ecsOf(ecs: Ecs | undefined, id: string) {
  const [, cluster = '', service = ''] = id.split('/')
  return { cluster, service, desired: ecs?.counts(cluster, service)?.desired }
}
