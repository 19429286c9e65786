import type { Sleeper } from '../table/sleeper.ts'
import { shortName } from './names.ts'

/**
 * What somebody types to start a resource as it was before it slept, where Caretaker may not.
 *
 * @param id as `domain/sleep/resource.ts` names it.
 */
export function startCommand(id: string, { captured, last }: Sleeper): string {
  const [kind = '', cluster = ''] = id.split('/')
  const name = shortName(id)
  const size = captured ?? last
  const { min = 0, max = 1 } = size?.bounds ?? {}
  const count = size?.desired ?? 1
  switch (kind) {
    case 'service':
      return `aws ecs update-service --cluster ${cluster} --service ${name} --desired-count ${count}${size?.bounds === undefined ? '' : ` && aws application-autoscaling register-scalable-target --service-namespace ecs --scalable-dimension ecs:service:DesiredCount --resource-id ${id} --min-capacity ${min} --max-capacity ${max} --suspended-state ${NOTHING_SUSPENDED}`}`
    case 'instance':
      return `aws ec2 start-instances --instance-ids ${name}`
    case 'database':
      return `aws rds start-db-instance --db-instance-identifier ${name}`
    case 'cluster':
      return `aws rds start-db-cluster --db-cluster-identifier ${name}`
    default:
      return `aws autoscaling update-auto-scaling-group --auto-scaling-group-name ${name} --min-size ${min} --max-size ${max} --desired-capacity ${count}`
  }
}

const NOTHING_SUSPENDED =
  'DynamicScalingInSuspended=false,DynamicScalingOutSuspended=false,ScheduledScalingSuspended=false'
