import type { World } from '../aws/world.ts'

/** Takes one moment after another until there is an answer. */
export async function until<Result>(world: World, doing: Promise<Result>): Promise<Result> {
  let done = false
  const settled = doing.finally(() => {
    done = true
  })
  settled.catch(() => {})
  await world.settle()
  while (!done && (await world.step())) {
    // each step is one moment
  }
  return settled
}
