import { expect, test } from 'vitest'
import { World } from '../../local/aws/world.ts'
import { Pace, type Speed } from '../../local/simulation/pace.ts'

/** A wall clock that runs when somebody waits for it, for so many real milliseconds. */
function started(speed: Speed, realMilliseconds: number) {
  const world = new World({ seed: 1, start: new Date(0) })
  let now = 0
  const wall = {
    now: () => now,
    wait: async (milliseconds: number) => {
      now += milliseconds
      if (now >= realMilliseconds) void pace.stop()
    },
  }
  const pace: Pace = new Pace(world, speed, wall)
  return { world, pace }
}

test.each([
  [1, 1000],
  [10, 10_000],
  [60, 60_000],
])('at %s times a real second is %s simulated milliseconds', async (speed, simulated) => {
  const { world, pace } = started(speed, 1000)
  await pace.start()
  expect(world.now).toBeGreaterThanOrEqual(simulated - 50 * speed)
  expect(world.now).toBeLessThanOrEqual(simulated)
})

test('moments come in their order, at their time', async () => {
  const { world, pace } = started(10, 1000)
  const came: number[] = []
  for (const at of [4000, 1500, 9000, 12_000]) world.at(at, 'moment', () => came.push(world.now))
  await pace.start()
  expect(came).toEqual([1500, 4000, 9000])
})

test('a pause is a pause; a skip goes just that far', async () => {
  const { world, pace } = started('paused', 1000)
  pace.skip(60_000)
  pace.skip(60_000)
  expect(pace.skipping).toBe(true)
  await pace.start()
  expect(world.now).toBe(120_000)
  expect(pace.skipping).toBe(false)
})

test('flat out, time goes from moment to moment until there is none', async () => {
  const { world, pace } = started('flat-out', 100)
  for (const day of [1, 2, 3]) world.at(day * 86_400_000, 'day', () => undefined)
  await pace.start()
  expect(world.now).toBe(3 * 86_400_000)
})

test('work goes between moments, one piece after another, and gets the time it waits for', async () => {
  const { world, pace } = started('paused', 500)
  const done: string[] = []
  const work = (name: string) => async () => {
    done.push(`${name} begins`)
    await world.sleep(1000)
    done.push(`${name} ends at ${world.now}`)
    return name
  }
  const answers = Promise.all([pace.run(work('first')), pace.run(work('second'))])
  await pace.start()
  expect(await answers).toEqual(['first', 'second'])
  expect(done).toEqual([
    'first begins',
    'first ends at 1000',
    'second begins',
    'second ends at 2000',
  ])
})

test('work that fails tells who asked, and time goes on', async () => {
  const { world, pace } = started(10, 1000)
  const refused = expect(
    pace.run(async () => {
      throw new Error('no such repository')
    }),
  ).rejects.toThrow('no such repository')
  await pace.start()
  await refused
  expect(world.now).toBeGreaterThan(0)
})

test('a defect of the simulation ends the drive', async () => {
  const { world, pace } = started(10, 1000)
  world.at(10, 'defect', () => {
    throw new Error('defect')
  })
  await expect(pace.start()).rejects.toThrow('defect')
})
