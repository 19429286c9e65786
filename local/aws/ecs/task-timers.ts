import type { Timer } from '../world.ts'
import type { Fleet } from './fleet.ts'
import type { Task } from './model.ts'

/** Does `run` at `moment`, unless the task's timers are cleared first. */
export function at(
  { world }: Fleet,
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
