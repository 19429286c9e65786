import type { Check, Surroundings } from './check.ts'
import { queuesOf } from './messaging.ts'
import { didYouMean } from './near.ts'
import { shown } from './problem.ts'

/** The names of all queues and topics of the environment. */
function namesIn({ services }: Surroundings) {
  const all = [...services.values()]
  return {
    queues: all.flatMap((one) => queuesOf(one).map(({ name }) => name)),
    topics: all.flatMap((one) => one.topics),
  }
}

const destinationsExist: Check = (service, { problem }, surroundings) => {
  const { queues, topics } = namesIn(surroundings)
  const known = [...queues, ...topics]
  return service.sends.flatMap((name, index) => {
    const own = queuesOf(service).some((one) => one.name === name) || service.topics.includes(name)
    if (known.includes(name) && !own && service.sends.indexOf(name) === index) return []
    const path = ['sends', index]
    const found = shown(name)
    if (known.includes(name)) {
      const allowed = own ? 'a queue or topic of another service' : 'each once'
      const remedy = own ? 'remove it: a service may send to its own' : 'remove it'
      return [problem(path, { found, allowed, remedy })]
    }
    const allowed = known.join(', ') || 'nothing: no service has a queue or a topic'
    const remedy = didYouMean(name, known, 'change it, or add it to the service that reads it')
    return [problem(path, { found, allowed, remedy })]
  })
}

const topicsExist: Check = (service, { problem }, surroundings) => {
  const { topics } = namesIn(surroundings)
  return queuesOf(service).flatMap(({ from, path }) =>
    from.flatMap((topic, index) => {
      const at = [...path, 'from', index]
      const found = shown(topic)
      if (topics.includes(topic)) return []
      const allowed = topics.join(', ') || 'nothing: no service has a topic'
      const remedy = didYouMean(topic, topics, 'change it, or add the topic to a service')
      return [problem(at, { found, allowed, remedy })]
    }),
  )
}

/** Tasks are counted by Container Insights; a queue that somebody else reads says nothing of them. */
const backlogIsCounted: Check = (service, { problem }, { environment }) => {
  const { queue, backlog, requests } = service.scaling ?? {}
  const at = (field: string, found: unknown, allowed: string, remedy: string) => [
    problem(['scaling', field], { found: shown(found), allowed, remedy }),
  ]
  if (requests !== undefined && service.route === undefined) {
    return at('requests', requests, 'nothing without route: nobody counts requests', 'remove it')
  }
  if (queue === undefined) {
    if (backlog === undefined) return []
    return at('backlog', backlog, 'nothing without queue', 'remove it, or add queue')
  }
  const own = queuesOf(service).map(({ name }) => name)
  if (!own.includes(queue)) {
    const allowed = own.join(', ') || 'nothing: the service has no queue'
    return at('queue', queue, allowed, didYouMean(queue, own, 'change it, or add it to queues'))
  }
  if (environment === undefined || environment.parts.containerInsights) return []
  const allowed = 'nothing without parts.containerInsights, which counts the tasks'
  return at('queue', queue, allowed, 'remove it, or switch that on in environment.yaml')
}

export const messagingChecks: readonly Check[] = [destinationsExist, topicsExist, backlogIsCounted]
