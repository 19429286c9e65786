import { beforeAll, describe, expect, it } from 'vitest'
import { Stage } from '../kits/roll-outs.ts'

/** Applications as people have them in Compose files, written as catalogs. */
const CATALOG = 'test/catalog/applications'

describe('applications as people have them', () => {
  let stage: Stage
  const answer = async (url: string) => stage.simulation.traffic.request(url)

  beforeAll(async () => {
    stage = await Stage.open({ catalog: CATALOG })
    for (const repository of stage.simulation.repositories) stage.push(undefined, repository)
    await stage.minutes(30)
  })

  it('a Django shop is one image as site, worker, beat, migration and flower, and nginx', async () => {
    for (const name of ['shop-site', 'shop-worker', 'shop-beat', 'shop-flower']) {
      expect(stage.verdicts(name), name).toEqual(['deployed'])
      expect((await stage.service(name)).running?.count, name).toBe(1)
    }
    expect(stage.simulation.repositories).toEqual(['portal', 'prices', 'shop-site'])
    expect((await answer('https://shop.dev.example.com/cart')).by?.service).toBe('shop-site')
    expect((await answer('https://flower.dev.example.com/')).by?.service).toBe('shop-flower')
    // The migration ran before the site did.
    const runs = stage.simulation.aws.calls.filter(({ operation }) => operation === 'RunTask')
    expect(runs.some(({ by }) => by.startsWith('machine'))).toBe(true)
  })

  it('a web service answers through the nginx beside it', async () => {
    expect((await answer('https://dev.example.com/portal/1')).status).toBe(200)
    expect((await answer('https://dev.example.com/assets/app.css')).by?.service).toBe('portal')
  })

  it('WordPress keeps its uploads on the shared file system, and waits for no push', async () => {
    expect((await answer('https://blog.dev.example.com/')).by?.service).toBe('blog')
  })

  it('an MQTT broker takes TLS and TCP', async () => {
    expect((await answer('tcp://:8883')).by?.service).toBe('mqtt')
    expect((await answer('tcp://:1883')).by?.service).toBe('mqtt')
  })

  it('a gRPC service answers at its host', async () => {
    expect((await answer('https://prices.dev.example.com/shop.Prices/Get')).status).toBe(200)
    expect((await answer('https://prices.dev.example.com/other.Service/Get')).status).toBe(404)
  })

  it('a new image goes to every part of the shop', async () => {
    const digest = stage.push(undefined, 'shop-site')
    await stage.minutes(20)
    for (const name of ['shop-site', 'shop-worker', 'shop-beat', 'shop-flower']) {
      expect((await stage.service(name)).running?.digest, name).toBe(digest)
    }
  })
})
