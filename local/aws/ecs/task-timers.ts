import type { Timer } from '../world.ts'
import type { Task } from './model.ts'
import type { EcsState } from './state.ts'

/** Does `run` at `moment`, unless the task's timers are cleared first. */
export function at(
  { world }: EcsState,
  task: Task,
  moment: number,
  what: string,
  run: () => unknown,
): void {
  const timer: Timer = world.at(moment, what, () => {
    task.timers.delete(timer)
    return run()
  })
  task.timers.add(timer)
}

/** Nothing that was to happen to the task happens any more. */
export function clearTimers(task: Task): void {
  for (const timer of task.timers) timer.cancel()
  task.timers.clear()
}
