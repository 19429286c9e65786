import { inflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { MINUTE } from '../kits/account.ts'
import { Alarms } from '../kits/alarms.ts'

const GRAPH = {
  width: 300,
  height: 150,
  start: '-PT1H',
  end: '-PT0H',
  metrics: [['Shop', 'Errors', 'Service', 'orders', { stat: 'Sum', period: 60 }]],
  annotations: {
    horizontal: [{ label: 'threshold', value: 8 }],
    vertical: [{ label: 'deployed', value: '2026-03-02T09:30:00Z' }],
  },
}

async function drawn(widget: object, account?: Alarms) {
  const { MetricWidgetImage } = await (account ?? (await measured())).ask<{
    MetricWidgetImage: Uint8Array
  }>('GetMetricWidgetImage', { MetricWidget: JSON.stringify(widget), OutputFormat: 'png' })
  return MetricWidgetImage
}

/** An hour of data, rising from 0 to 10. */
async function measured() {
  const account = await Alarms.open()
  await account.alarm('orders', { Threshold: 8 })
  for (let minute = 0; minute < 60; minute++) await account.errors('orders', minute / 6)
  await account.run(MINUTE)
  return account
}

/** The colours of a picture, by column and row. */
function read(bytes: Uint8Array) {
  const png = Buffer.from(bytes)
  const chunks: Record<string, Buffer> = {}
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    const content = png.subarray(at + 8, at + 8 + png.readUInt32BE(at))
    chunks[png.toString('latin1', at + 4, at + 8)] = content
  }
  const { IHDR, PLTE, IDAT } = chunks as Record<'IHDR' | 'PLTE' | 'IDAT', Buffer>
  const width = IHDR.readUInt32BE(0)
  const rows = inflateSync(IDAT)
  const at = (x: number, y: number) => {
    const index = rows[y * (width + 1) + 1 + x] ?? 0
    return PLTE.subarray(index * 3, index * 3 + 3).toString('hex')
  }
  return { width, height: IHDR.readUInt32BE(4), at }
}

const [WHITE, AXES, THRESHOLD, EVENT, LINE] = ['ffffff', '545b64', 'd13212', '9467bd', '1f77b4']

describe('a picture of metrics', () => {
  it('shows axes, line, threshold and annotation where they belong', async () => {
    const { width, height, at } = read(await drawn(GRAPH))
    expect([width, height]).toEqual([300, 150])
    expect(at(0, 0)).toBe(WHITE)
    expect(at(40, 60)).toBe(AXES)
    expect(at(200, 122)).toBe(AXES)
    const column = (x: number) => Array.from({ length: 98 }, (_, y) => at(x, 24 + y))
    // The hour is 248 pixels wide, and ends at the last minute.
    const rise = (x: number) => column(x).indexOf(LINE)
    expect(rise(60)).toBeGreaterThan(rise(150))
    expect(rise(150)).toBeGreaterThan(rise(280))
    expect(rise(280)).toBeGreaterThan(0)
    const thresholds = Array.from({ length: 248 }, (_, x) => x + 41).filter(
      (x) => column(x).indexOf(THRESHOLD) > 0,
    )
    expect(thresholds.length).toBeGreaterThan(100)
    const event = Array.from({ length: 248 }, (_, x) => x + 41).filter(
      (x) => column(x).filter((colour) => colour === EVENT).length > 20,
    )
    expect(event).toHaveLength(1)
    expect(event[0]).toBeGreaterThan(150)
    expect(event[0]).toBeLessThan(170)
  })

  it('is the same for the same data, and small', async () => {
    const [one, other] = [await drawn(GRAPH), await drawn(GRAPH)]
    expect(Buffer.from(one).equals(Buffer.from(other))).toBe(true)
    expect((await drawn({ ...GRAPH, width: 600, height: 400 })).length).toBeLessThan(10_000)
  })

  it('takes metric and threshold of an alarm', async () => {
    const account = await measured()
    const alarms = [account.aws.arn('cloudwatch', 'alarm:orders')]
    const { metrics: _, ...rest } = GRAPH
    const { vertical } = GRAPH.annotations
    const same = await drawn({ ...rest, annotations: { alarms, vertical } }, account)
    expect(Buffer.from(same).equals(Buffer.from(await drawn(GRAPH)))).toBe(true)
  })

  it('draws what expressions make of metrics, and hides what is not visible', async () => {
    const metrics = [
      [
        'Shop',
        'Errors',
        'Service',
        'orders',
        { stat: 'Sum', period: 60, id: 'm1', visible: false },
      ],
      [{ expression: 'm1 * 1', id: 'e1', period: 60 }],
    ]
    const same = await drawn({ ...GRAPH, metrics })
    expect(Buffer.from(same).equals(Buffer.from(await drawn(GRAPH)))).toBe(true)
  })

  it('is dark when it is asked to be', async () => {
    expect(read(await drawn({ ...GRAPH, theme: 'dark' })).at(0, 0)).toBe('16191f')
  })

  it.each([
    ['nothing to draw', { ...GRAPH, metrics: [] }],
    ['a size', { ...GRAPH, width: 2001 }],
    ['a time', { ...GRAPH, start: 'yesterday' }],
    ['a member', { ...GRAPH, colour: 'red' }],
    ['an alarm', { annotations: { alarms: ['arn:aws:cloudwatch:::alarm:gone'] } }],
  ])('is refused for %s', async (_, widget) => {
    await expect(drawn(widget)).rejects.toMatchObject({ name: 'ValidationError' })
  })
})
