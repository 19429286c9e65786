import type { Environment } from '../../catalog/schema.ts'
import type { Identity } from './account.ts'
import { type Limit, limitLine } from './limits.ts'
import type { Plan } from './plan.ts'
import { keptLine } from './running.ts'
import type { States } from './services.ts'

/** What is about to be done, for the person who is asked. Pure. */
export function summary(
  { account, arn }: Identity,
  { name, region }: Environment,
  { dead, waves }: Plan,
  { states, limits }: { states: States; limits: readonly Limit[] },
): string {
  const changed = waves.flatMap(({ deploy }) => deploy.map((stack) => stack.name))
  const removed = waves.flatMap(({ remove }) => remove)
  const services = [...states.values()].map(
    ({ service, running, isKept }) => `  ${keptLine(service.name, running, isKept)}`,
  )
  return [
    '',
    `${name}, account ${account}, ${region}, as ${arn}`,
    ...dead.map((stack) => `${stack.name} is ${stack.status} and is deleted first`),
    `${changed.length} ${changed.length === 1 ? 'stack changes' : 'stacks change'}: ${changed.join(', ')}`,
    ...(removed.length === 0
      ? []
      : [`Deleted, as the catalog has no use for it any more: ${removed.join(', ')}`]),
    ...services,
    ...limits.flatMap((one) => limitLine(one) ?? []),
  ].join('\n')
}
