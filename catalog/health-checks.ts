import type { Check } from './check.ts'
import { canReplace, countsOf, replacing } from './deployment.ts'
import { isBalanced, rhythm } from './health.ts'
import { shown } from './problem.ts'

/** A setting that nothing reads would look as if it worked. */
const healthIsRead: Check = (service, { problem }) => {
  const { health, healthCommand, kind } = service
  if (health === undefined || kind === 'job') return []
  const balanced = isBalanced(service)
  if (!balanced && healthCommand === undefined) {
    const allowed = 'nothing: the service has no check (healthCommand, route or nlb)'
    const remedy = 'remove it, or add healthCommand'
    return [problem(['health'], { found: shown(health), allowed, remedy })]
  }
  const { codes } = health
  if (codes !== undefined && service.route === undefined) {
    const allowed = 'nothing: no load balancer asks this service over HTTP (route)'
    return [problem(['health', 'codes'], { found: shown(codes), allowed, remedy: 'remove it' })]
  }
  if (balanced) return []
  const fields = (['grace', 'healthy'] as const).filter((field) => health[field] !== undefined)
  return fields.map((field) => {
    const allowed = 'nothing: no load balancer checks this service (route or nlb)'
    const found = shown(health[field])
    return problem(['health', field], { found, allowed, remedy: 'remove it' })
  })
}

const answersBeforeTheNextCheck: Check = ({ health }, { problem }) => {
  if (health?.timeout === undefined) return []
  const { interval, timeout } = rhythm(health)
  if (timeout < interval) return []
  const allowed = `less than interval, ${interval}`
  const remedy = 'lower it, or raise interval'
  return [problem(['health', 'timeout'], { found: String(timeout), allowed, remedy })]
}

/** ECS would wait without end: it may neither start a new task nor stop an old one. */
const tasksCanBeReplaced: Check = (service, { problem }) => {
  const asked = replacing(service)
  const count = countsOf(service).find((one) => !canReplace(asked, one))
  if (count === undefined) return []
  const { minimum, maximum } = asked
  const tasks = count === 1 ? 'one task' : `${count} tasks`
  const most = Math.ceil(((count + 1) * 100) / count)
  const least = Math.floor(((count - 1) * 100) / count)
  const found = `maximum ${maximum} with minimum ${minimum}, with which ECS cannot replace ${tasks}`
  const allowed = `a maximum of at least ${most}, or a minimum of at most ${least}`
  return [problem(['deployment', 'maximum'], { found, allowed, remedy: 'change one of them' })]
}

/** Whether what a file says of health and deployments has an effect, and a possible one. */
export const healthChecks: readonly Check[] = [
  healthIsRead,
  answersBeforeTheNextCheck,
  tasksCanBeReplaced,
]
