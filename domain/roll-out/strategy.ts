/** What ECS says of how a service is deployed, as far as a roll-out has to know it. */
export type DeploymentSettings = {
  strategy?: string | undefined
  bakeTimeInMinutes?: number | undefined
  canaryConfiguration?: { canaryBakeTimeInMinutes?: number | undefined } | undefined
  linearConfiguration?:
    | { stepPercent?: number | undefined; stepBakeTimeInMinutes?: number | undefined }
    | undefined
}

/** A strategy that shifts traffic, and the minutes that it waits by itself. */
export type Shifting = { strategy: string; minutes: number }

/**
 * How long a roll-out waits for a deployment that waits by plan: its machine runs for a day, and
 * needs some of it to undo what has not ended.
 */
export const LONGEST_WAIT_MINUTES = 20 * 60

/**
 * How a service shifts its traffic; undefined for a rolling one. The defaults are ECS's.
 *
 * - https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-linear.html
 * - https://docs.aws.amazon.com/AmazonECS/latest/developerguide/canary-deployment.html
 */
export function shiftingOf(settings: DeploymentSettings = {}): Shifting | undefined {
  const { strategy = 'ROLLING', bakeTimeInMinutes = 0 } = settings
  if (strategy === 'ROLLING') return undefined
  return { strategy, minutes: bakeTimeInMinutes + stepMinutes(strategy, settings) }
}

function stepMinutes(strategy: string, settings: DeploymentSettings): number {
  if (strategy === 'CANARY') return settings.canaryConfiguration?.canaryBakeTimeInMinutes ?? 10
  if (strategy !== 'LINEAR') return 0
  const { stepPercent = 10, stepBakeTimeInMinutes = 6 } = settings.linearConfiguration ?? {}
  return (Math.ceil(100 / stepPercent) - 1) * stepBakeTimeInMinutes
}

const KNOWN: readonly string[] = ['BLUE_GREEN', 'LINEAR', 'CANARY']

/** Why a roll-out cannot follow deployments of this kind. */
export function strategyRefusal({ strategy, minutes }: Shifting): string | undefined {
  if (!KNOWN.includes(strategy)) {
    return `its deployment strategy is ${strategy}; Caretaker knows ROLLING, ${KNOWN.join(', ')}`
  }
  if (minutes <= LONGEST_WAIT_MINUTES) return undefined
  return `its ${strategy} deployments wait ${minutes} minutes by themselves, and a roll-out follows one for ${LONGEST_WAIT_MINUTES} at most; give it shorter bake times`
}
