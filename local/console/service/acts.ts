import { pinOf } from '../../../domain/roll-out/hold.ts'
import type { ServiceState } from '../../../domain/table/service-state.ts'
import type { CostView } from '../teams/view.ts'
import { restAct } from './rest-acts.ts'
import type { ActView, VerdictView } from './view.ts'

/** How a service is, as far as it decides what may be asked for. */
type Standing = {
  name: string
  state: ServiceState | undefined
  cost: CostView | undefined
  /** Newest first. */
  history: readonly VerdictView[]
}

/** What can be asked for a service as it is now, in the order of its use. */
export function actsFor({ name, state, cost, history }: Standing): ActView[] {
  const act = (label: string, text: string, does: string): ActView => ({ label, text, does })
  const ran = history.filter(({ word }) => word === 'deployed')
  const [last] = history
  const failed = last !== undefined && ['rolled back', 'failed'].includes(last.word)
  return [
    ...(new Set(ran.map(({ digest }) => digest)).size > 1
      ? [act('Roll back', `rollback ${name}`, 'Goes back to the image that ran well before.')]
      : []),
    ...(failed
      ? [act('Retry', `retry ${name}`, 'Tries the image that did not hold once more.')]
      : []),
    ...(state === undefined ? [] : [pinOrUnpin(name, state)]),
    ...(cost?.act === 'sleep'
      ? [
          restAct('sleep', name),
          act('Keep awake', `keep ${name}`, 'Keeps it awake two hours longer than its schedule.'),
        ]
      : []),
    ...(cost?.act === 'wake' ? [restAct('wake', name)] : []),
  ]
}

const pinOrUnpin = (name: string, { pinned }: ServiceState): ActView =>
  pinOf(pinned) === undefined
    ? { label: 'Pin', text: `pin ${name}`, does: 'Holds it at what it runs: pushes wait.' }
    : {
        label: 'Unpin',
        text: `unpin ${name}`,
        does: 'Ends the pin: the newest push is rolled out.',
      }
