import type { Observed } from './observed.ts'

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
