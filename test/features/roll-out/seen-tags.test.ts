import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addedSince, sketchOf } from '../../../functions/shared/roll-out/tag-sketch.ts'
import { Stage } from '../../kits/roll-outs.ts'

const naming = (tag: number | string, digest: number) => ({
  tag: `feature-${tag}`,
  digest: `sha256:${digest}`,
})
const many = (count: number) => Array.from({ length: count }, (_, place) => naming(place, place))
const sorted = (namings: readonly { tag: string; digest: string }[]) =>
  namings.map(({ tag, digest }) => `${tag}@${digest}`).toSorted()

describe('the summary of tags', () => {
  it('has one size, and fits into a record however many tags there are', () => {
    expect(sketchOf(many(5000)).length).toBe(sketchOf([]).length)
    expect(sketchOf([]).length).toBeLessThan(1500)
  })

  it('tells what was added and what moved, whatever went meanwhile', () => {
    const change = fc.record({
      kept: fc.integer({ min: 0, max: 400 }),
      gone: fc.integer({ min: 0, max: 8 }),
      moved: fc.integer({ min: 0, max: 4 }),
      added: fc.integer({ min: 0, max: 8 }),
    })
    fc.assert(
      fc.property(change, ({ kept, gone, moved, added }) => {
        const before = many(kept + gone + moved)
        const stayed = before.slice(0, kept)
        const changed = before
          .slice(kept, kept + moved)
          .map(({ tag }) => ({ tag, digest: 'other' }))
        const fresh = Array.from({ length: added }, (_, place) => naming(`new-${place}`, place))
        const found = addedSince(sketchOf(before), [...stayed, ...changed, ...fresh])
        // With so many changes at once it may have to give up, which it says; it never guesses.
        if (found === undefined) expect(gone + 2 * moved + added).toBeGreaterThan(12)
        else expect(sorted(found)).toEqual(sorted([...changed, ...fresh]))
      }),
      { numRuns: 300 },
    )
  })

  it('says that it cannot tell when hundreds have changed, or when it cannot be read', () => {
    expect(addedSince(sketchOf([]), many(300))).toBeUndefined()
    expect(addedSince('written by hand', many(3))).toBeUndefined()
  })
})

describe('a service with a past', () => {
  const tags = (stage: Stage) => ({
    forget: () =>
      stage.call('dynamodb', 'UpdateItem', {
        TableName: 'dev-caretaker',
        Key: { pk: { S: 'service#dev-backend/preview' }, sk: { S: 'state' } },
        UpdateExpression: 'REMOVE seen',
      }),
    give: (tag: string, digest: string) =>
      stage.simulation.ecr.push({ repository: 'preview', tag, digest }),
  })

  it('does not go back when this version looks at its tags for the first time, and follows from then on', async () => {
    const stage = await Stage.open({ catalog: 'test/scenarios/policies', faults: { lose: 1 } })
    const { forget, give } = tags(stage)
    const digests: string[] = []
    for (let age = 1; age <= 6; age++) {
      digests.push(stage.push(undefined, 'preview', `feature-${age}`))
      await stage.minutes(10)
    }
    const [oldest = '', older = ''] = digests
    // As the version before left it: tags that old images got, and no note of which there are.
    give('feature-7', oldest)
    give('feature-8', oldest)
    await forget()
    await stage.minutes(15)
    const running = async () => (await stage.service('preview')).running?.digest
    expect(await running()).toBe(digests.at(-1))
    expect(stage.calls('UpdateService')).toBe(6)

    give('feature-9', older)
    await stage.minutes(10)
    expect(await running()).toBe(older)
    // The execution that noted the tags, and one for each image.
    const started = stage.simulation.sfn.executions.length
    await stage.minutes(60)
    expect(stage.simulation.sfn.executions.length).toBe(started)
  })

  it('keeps its image while its repository reads as empty', async () => {
    const stage = await Stage.open({ catalog: 'test/scenarios/policies' })
    const first = stage.push(undefined, 'preview', 'feature-1')
    await stage.minutes(10)
    const second = stage.push(undefined, 'preview', 'feature-2')
    await stage.minutes(10)
    const { ecr } = stage.simulation
    const { operations } = ecr as unknown as { operations: Record<string, unknown> }
    const { DescribeImages } = operations
    operations.DescribeImages = () => ({ imageDetails: [] })
    await stage.minutes(10)
    operations.DescribeImages = DescribeImages
    await stage.minutes(10)
    expect((await stage.service('preview')).running?.digest).toBe(second)
    expect(first).not.toBe(second)
    expect(stage.calls('UpdateService')).toBe(2)
  })
})
