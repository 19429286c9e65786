import type { Check } from './check.ts'
import { didYouMean } from './near.ts'
import { shown } from './problem.ts'
import { secretsOf } from './secrets.ts'

const routerIsThere: Check = ({ logs, sidecars }, { problem }) => {
  if (logs === undefined) return []
  const { router, options, secrets } = logs
  if (router === undefined) {
    const unused = options === undefined ? 'secrets' : 'options'
    if (options === undefined && secrets === undefined) return []
    const allowed = 'nothing without router: CloudWatch Logs has none'
    const words = { found: shown(logs[unused]), allowed, remedy: 'remove it, or add router' }
    return [problem(['logs', unused], words)]
  }
  const images = Object.keys(sidecars).filter((name) => sidecars[name]?.image !== undefined)
  if (!images.includes(router)) {
    const allowed = images.join(', ') || 'nothing: no sidecar has an image of its own'
    const remedy = didYouMean(router, images, 'change it, or add the sidecar')
    return [problem(['logs', 'router'], { found: shown(router), allowed, remedy })]
  }
  const { before, after } = sidecars[router] ?? {}
  if (before === undefined && after === undefined) return []
  const field = before === undefined ? 'after' : 'before'
  const allowed = 'nothing: what routes the lines of the service starts before it'
  const words = { found: shown(sidecars[router]?.[field]), allowed, remedy: 'remove it' }
  return [problem(['sidecars', router, field], words)]
}

const secretsAreThere: Check = (service, { problem }) => {
  if (service.logs?.router === undefined) return []
  const known = secretsOf(service).map(({ name }) => name)
  return Object.entries(service.logs?.secrets ?? {}).flatMap(([option, name]) => {
    if (known.includes(name)) return []
    const allowed = known.join(', ') || 'nothing: the service has no secrets'
    const remedy = didYouMean(name, known, 'change it, or add it to secrets')
    return [problem(['logs', 'secrets', option], { found: shown(name), allowed, remedy })]
  })
}

export const logsChecks: readonly Check[] = [routerIsThere, secretsAreThere]
