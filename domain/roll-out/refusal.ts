import { findingsText } from '../findings.ts'
import type { Push } from '../table/record.ts'
import type { Observed } from './observed.ts'
import { PRE_DEPLOY } from './pre-deploy.ts'
import { strategyRefusal } from './strategy.ts'

/** Why the service cannot run the candidate at all. */
export function refusal({
  controller,
  schedulingStrategy,
  shifting,
  used,
  candidate,
  platform,
  preDeploy,
}: Observed): string | undefined {
  if (controller !== 'ECS') {
    return `its deployment controller is ${controller}, which does not let Caretaker change the task definition; only ECS does`
  }
  if (schedulingStrategy === 'DAEMON') {
    return 'it is a DAEMON service: its deployments follow instances, not a count; Caretaker rolls out REPLICA services'
  }
  const unfollowed = shifting === undefined ? undefined : strategyRefusal(shifting)
  if (unfollowed !== undefined) return unfollowed
  if (!used) {
    return `no container of its task definition uses the repository "${candidate?.repository}"`
  }
  const platforms = candidate?.platforms ?? []
  if (platform !== undefined && platforms.length > 0 && !platforms.includes(platform)) {
    return `it runs on ${platform}, and the image has only ${platforms.join(', ')}; build it for ${platform} too`
  }
  if (preDeploy === 'unreadable') {
    return `the label ${PRE_DEPLOY} of its container is no list of words (JSON), such as ["./manage.py","migrate"]`
  }
  return undefined
}

/** Why the service does not take the candidate although it could run it: what its scan found. */
export function findingsRefusal({ gate, candidate }: Observed): string | undefined {
  const { scan } = candidate ?? {}
  if (gate === undefined || scan === undefined || scan === 'pending') return undefined
  const found = findingsText(scan.findings, gate)
  if (found === '') return undefined
  const one = /^1 \w+$/.test(found) ? 'finding' : 'findings'
  return `it has ${found} ${one}, and the service takes none: push an image without them, or ask for this one with a retry`
}

/** ECR scans an image in less than a minute; one that it does not finish is not waited for. */
const SCAN_MILLISECONDS = 10 * 60 * 1000

/** Whether the gate has to wait for the scan. */
export function awaitsScan({ gate, candidate }: Observed, push: Push, now: Date): boolean {
  const isYoung = now.getTime() - Date.parse(push.at) < SCAN_MILLISECONDS
  return gate !== undefined && candidate?.scan === 'pending' && isYoung
}
