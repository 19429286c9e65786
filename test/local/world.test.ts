import { expect, test } from 'vitest'
import { World } from '../../local/aws/world.ts'

const world = () => new World({ seed: 1, start: new Date('2026-03-02T09:00:00Z') })

/** What code does that waits for something real: a file, a module. */
const macrotasks = async (count: number) => {
  for (let index = 0; index < count; index++) await new Promise((done) => setImmediate(done))
}

/** Begins other work after 100 ms, runs on, and tells when that work ended. */
const endOfOtherWork = async (here: World) => {
  let finished = 0
  here.after(100, 'other work', () =>
    here.busy(async () => {
      await macrotasks(20)
      finished = here.now
    }),
  )
  await here.run(5000)
  return finished
}

test('the clock stands still for work that waits for something real', async () => {
  const here = world()
  let finished = 0
  void here.busy(async () => {
    await macrotasks(20)
    finished = here.now
  })
  here.after(1000, 'later', () => {})
  await here.run(5000)
  expect(finished).toBe(here.start)
})

test('calls that one piece of work makes side by side do not hide another', async () => {
  const here = world()
  const sleep = (milliseconds: number) => here.idle(() => here.sleep(milliseconds))
  void here.busy(() => Promise.all([sleep(500), sleep(500), sleep(500)]))
  expect(await endOfOtherWork(here)).toBe(here.start + 100)
})

test('work that ends before its own call does leaves nothing behind', async () => {
  const here = world()
  const forgotten = () => void here.idle(() => here.sleep(500))
  await here.busy(async () => forgotten())
  expect(await endOfOtherWork(here)).toBe(here.start + 100)
})

test('what somebody outside does in turns of the event loop goes on before time does', async () => {
  const here = world()
  let finished = 0
  const asks = async () => {
    await macrotasks(1)
    await here.sleep(50)
    finished = here.now
  }
  void asks()
  here.after(10, 'a moment', () => {})
  await here.run(100)
  expect(finished).toBe(here.start + 50)
})
