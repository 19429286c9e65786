import type { Service } from './schema.ts'

/** How ECS replaces the tasks of a service. Counts and percentages. */
export type Replacing = { failures: number; minimum: number; maximum: number }

/** Of two tasks that fail, one may have failed by chance. */
const FAILURES = 2

/** How the tasks of a service are replaced; what its file does not say has its default. */
export function replacing({ deployment = {} }: Pick<Service, 'deployment'>): Replacing {
  const { failures = FAILURES, minimum = 100, maximum = 200 } = deployment
  return { failures, minimum, maximum }
}

/**
 * Whether ECS can replace `count` tasks: start one more than there are, or stop one first. It
 * rounds the minimum up and the maximum down.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html
 */
export function canReplace({ minimum, maximum }: Replacing, count: number): boolean {
  const most = Math.floor((count * maximum) / 100)
  const least = Math.ceil((count * minimum) / 100)
  return most > count || least < count
}

/** The counts a service may have: its own, and whatever its scaling makes of it. */
export function countsOf({ count, scaling }: Pick<Service, 'count' | 'scaling'>): number[] {
  const least = Math.min(count, scaling?.min ?? count)
  const most = Math.max(count, scaling?.max ?? count)
  return Array.from({ length: most - least + 1 }, (_, index) => least + index)
}
