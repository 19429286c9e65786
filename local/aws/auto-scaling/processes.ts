import type { ScalingProcessQuery, SetInstanceHealthQuery } from '@aws-sdk/client-auto-scaling'
import { checkLater, reconcileSoon } from './life.ts'
import { type Groups, invalid, PROCESSES } from './model.ts'

/** What a group does by itself is suspended, process by process; and what its checks say. */
export function processOperations(groups: Groups) {
  return {
    SuspendProcesses: (input: ScalingProcessQuery) => {
      const group = groups.group(input.AutoScalingGroupName)
      const why = `User suspended at ${groups.aws.world.date.toISOString()}`
      for (const name of processesOf(input)) {
        if (!group.suspended.has(name)) group.suspended.set(name, why)
      }
      return {}
    },
    // An instance that was stopped meanwhile is found by the next health check.
    ResumeProcesses: (input: ScalingProcessQuery) => {
      const group = groups.group(input.AutoScalingGroupName)
      const names = processesOf(input)
      for (const name of names) group.suspended.delete(name)
      if (names.includes('HealthCheck'))
        for (const id of group.members.keys()) checkLater(groups, group, id)
      reconcileSoon(groups, group)
      return {}
    },
    SetInstanceHealth: ({ InstanceId = '', HealthStatus }: SetInstanceHealthQuery) => {
      const found = groups.ofInstance(InstanceId)
      if (found === undefined)
        throw invalid(
          `Instance Id not found - No managed instance found for instance ID: ${InstanceId}`,
        )
      found.member.isHealthy = HealthStatus === 'Healthy'
      reconcileSoon(groups, found.group)
      return {}
    },
  }
}

/** All when none is named. */
function processesOf({ ScalingProcesses: named = [] }: ScalingProcessQuery): readonly string[] {
  if (named.length === 0) return PROCESSES
  const unknown = named.find((name) => !(PROCESSES as readonly string[]).includes(name))
  if (unknown !== undefined) throw invalid(`Invalid process type ${unknown}`)
  return named
}
