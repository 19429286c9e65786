import { beforeAll, describe, expect, it } from 'vitest'
import { measureNight, type Night } from '../../../cli/bench/sleepers.ts'

/** More than ECS takes in one go, and more pages of reads than half of its bucket has room for. */
const SERVICES = 600

describe(`${SERVICES} services sleep while half of ECS's rate is left to others`, () => {
  let night: Night
  beforeAll(async () => {
    night = await measureNight(SERVICES)
  })

  it('makes no call too fast, and is hardly slower than half of the rate allows', () => {
    expect(night.throttled).toBe(0)
    expect(night.seconds).toBeLessThan(night.secondsBound * 1.1)
  })

  it('asks hardly more than has to be asked', () => {
    expect(night.calls).toBeLessThan(night.bound * 1.25)
  })

  it('pays two states for each service, and three for one that is scaled', () => {
    const moves = 2 * night.services + night.scaled
    expect(night.transitions).toBeLessThan(moves * 1.1)
  })
})
