import type { Observed } from './plan.ts'

/** Why the service cannot run the candidate at all. */
export function refusal({
  controller,
  schedulingStrategy,
  used,
  candidate,
  platform,
}: Observed): string | undefined {
  if (controller !== 'ECS') {
    return `its deployment controller is ${controller}, which does not let Caretaker change the task definition; only ECS does`
  }
  if (schedulingStrategy === 'DAEMON') {
    return 'it is a DAEMON service: its deployments follow instances, not a count; Caretaker rolls out REPLICA services'
  }
  if (!used) {
    return `no container of its task definition uses the repository "${candidate?.repository}"`
  }
  const platforms = candidate?.platforms ?? []
  if (platform !== undefined && platforms.length > 0 && !platforms.includes(platform)) {
    return `it runs on ${platform}, and the image has only ${platforms.join(', ')}; build it for ${platform} too`
  }
  return undefined
}

/** Who holds the service at what it runs, and why. */
export function hold(
  { state, environment }: Observed,
  now: Date,
): { verdict: 'frozen' | 'pinned'; reason: string } | undefined {
  if (state?.pinned !== undefined) {
    const { by, reason } = state.pinned
    return { verdict: 'pinned', reason: `${by} pinned the service to what it runs: ${reason}` }
  }
  const frozen = environment?.frozen
  if (frozen !== undefined && new Date(frozen.until) > now) {
    return {
      verdict: 'frozen',
      reason: `${frozen.by} froze roll-outs until ${frozen.until}: ${frozen.reason}`,
    }
  }
  return undefined
}
