import { describe, expect, test } from 'vitest'
import { World } from '../../local/aws/world.ts'
import { ConnectionLost, Internet } from '../../local/outside/internet.ts'

function internet() {
  const world = new World({ seed: 1, start: new Date('2026-03-02T09:00:00Z') })
  const net = new Internet(world)
  net.host('example.com', async (request) => new Response(`${request.method} ${request.url}`))
  net.host('lost.example.com', () => {
    throw new ConnectionLost('other side closed')
  })
  /** Fetches as a function does while it is invoked, and lets the world run meanwhile. */
  const fetch = async (...asked: Parameters<typeof globalThis.fetch>) => {
    const answer = world.busy(() => net.fetch(...asked))
    answer.catch(() => {})
    await world.run(1_000)
    return answer
  }
  return { world, net, fetch }
}

describe('the simulated internet', () => {
  test('a host answers, and that takes simulated time', async () => {
    const { world, net } = internet()
    const start = world.now
    let arrived = 0
    const answer = world.busy(async () => {
      const response = await net.fetch('https://example.com/a?b=c', { method: 'POST', body: 'x' })
      arrived = world.now
      return response
    })
    await world.run(1_000)
    expect(await (await answer).text()).toBe('POST https://example.com/a?b=c')
    expect(arrived - start).toBeGreaterThanOrEqual(30)
    expect(arrived - start).toBeLessThanOrEqual(120)
  })

  test('an unknown host fails as the resolver says it', async () => {
    const { fetch } = internet()
    await expect(fetch('https://nowhere.example.com/')).rejects.toMatchObject({
      name: 'TypeError',
      message: 'fetch failed',
      cause: { code: 'ENOTFOUND', syscall: 'getaddrinfo', hostname: 'nowhere.example.com' },
    })
  })

  test('a lost connection fails as one, after the server was reached', async () => {
    const { fetch } = internet()
    await expect(fetch('https://lost.example.com/')).rejects.toMatchObject({
      message: 'fetch failed',
      cause: { code: 'ECONNRESET' },
    })
  })

  test('a request that was given up is not made', async () => {
    const { fetch } = internet()
    const signal = AbortSignal.abort()
    await expect(fetch('https://example.com/', { signal })).rejects.toMatchObject({
      name: 'AbortError',
    })
  })

  test('a server that breaks is a defect of the simulation and stops it', async () => {
    const { net, fetch } = internet()
    net.host('broken.example.com', () => {
      throw new Error('defect')
    })
    await expect(fetch('https://broken.example.com/')).rejects.toThrow('defect')
  })
})
