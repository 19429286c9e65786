import { describe, expect, it, test } from 'vitest'
import { parsePolicy } from '../../../domain/deploy-policy.ts'
import { findingsIn, findingsText, type Scan } from '../../../domain/findings.ts'
import { imageFor } from '../../../domain/image.ts'
import type { Observed } from '../../../domain/roll-out/observed.ts'
import { awaitsScan, findingsRefusal } from '../../../domain/roll-out/refusal.ts'
import type { Gate } from '../../../domain/roll-out/settings.ts'

const push = { repository: 'orders', tag: 'main', digest: 'sha256:1', at: '2026-03-02T09:00:00Z' }

const observed = (gate: Gate | undefined, scan: Scan | undefined): Observed => ({
  policy: parsePolicy('main'),
  controller: 'ECS',
  schedulingStrategy: 'REPLICA',
  desiredCount: 1,
  placeholder: false,
  used: true,
  abandoned: false,
  ours: true,
  failing: false,
  waiting: [],
  ...(gate === undefined ? {} : { gate }),
  candidate: { ...push, platforms: [], ...(scan === undefined ? {} : { scan }) },
})

describe('a gate', () => {
  test.each<[string, Gate | undefined, Scan | undefined, string | undefined]>([
    ['critical', 'critical', { findings: { critical: 2, high: 5 } }, 'it has 2 critical findings,'],
    ['one critical', 'critical', { findings: { critical: 1 } }, 'it has 1 critical finding,'],
    ['high, which is less', 'critical', { findings: { high: 5 } }, undefined],
    ['high', 'high', { findings: { high: 1, low: 4 } }, 'it has 1 high finding,'],
    ['both', 'high', { findings: { critical: 1, high: 1 } }, '1 critical, 1 high findings,'],
    ['nothing', 'high', { findings: {} }, undefined],
    ['nobody has looked', 'high', undefined, undefined],
    ['nobody has looked yet', 'high', 'pending', undefined],
    ['critical, without a gate', undefined, { findings: { critical: 2 } }, undefined],
  ])('%s: %s %o', (_, gate, scan, expected) => {
    const reason = findingsRefusal(observed(gate, scan))
    if (expected === undefined) expect(reason).toBeUndefined()
    else expect(reason).toContain(expected)
  })

  it('waits for a scan that is not complete, for ten minutes', () => {
    const waits = (gate: Gate | undefined, scan: Scan | undefined, now: string) =>
      awaitsScan(observed(gate, scan), push, new Date(now))
    expect(waits('high', 'pending', '2026-03-02T09:09:59Z')).toBe(true)
    expect(waits('high', 'pending', '2026-03-02T09:10:00Z')).toBe(false)
    expect(waits('high', undefined, '2026-03-02T09:00:01Z')).toBe(false)
    expect(waits(undefined, 'pending', '2026-03-02T09:00:01Z')).toBe(false)
  })
})

describe('findings', () => {
  it('are told by severity, the worst first, without what is less than low', () => {
    const found = findingsIn({ LOW: 1, CRITICAL: 2, UNDEFINED: 9, INFORMATIONAL: 3, HIGH: 0 })
    expect(found).toEqual({ critical: 2, low: 1 })
    expect(findingsText(found)).toBe('2 critical, 1 low')
    expect(findingsText({})).toBe('')
  })

  it('of an index are those of the image that runs', () => {
    const of = (architecture: string) => ({
      digest: `sha256:${architecture}`,
      platform: { os: architecture === 'unknown' ? 'unknown' : 'linux', architecture },
    })
    const index = { mediaType: 'index', manifests: [of('unknown'), of('amd64'), of('arm64')] }
    expect(imageFor(index, 'linux/arm64')).toBe('sha256:arm64')
    expect(imageFor(index, 'windows/amd64')).toBe('sha256:amd64')
    expect(imageFor(index)).toBe('sha256:amd64')
    expect(imageFor({ mediaType: 'image' }, 'linux/arm64')).toBeUndefined()
  })
})
