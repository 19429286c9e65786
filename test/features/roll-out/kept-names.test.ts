import type { DescribeImagesResponse } from '@aws-sdk/client-ecr'
import { describe, expect, it, test } from 'vitest'
import { PolicyError, parsePolicy, takes } from '../../../domain/deploy-policy.ts'
import { isKeptName, keptName, keptNamesOf } from '../../../domain/kept-name.ts'
import { AwsError } from '../../../local/aws/errors.ts'
import { Recording } from '../../../local/invariants/recording.ts'
import { expectInvariants } from '../../kits/invariants.ts'
import { BAD, GOOD, Stage } from '../../kits/roll-outs.ts'

const short = (digest: string) => digest.slice('sha256:'.length, 'sha256:'.length + 12)

/** The tags of an image; undefined when the registry does not have it. */
async function tagsOf(stage: Stage, imageDigest: string, repositoryName = 'orders') {
  const input = { repositoryName, imageIds: [{ imageDigest }] }
  const answer = stage.call<DescribeImagesResponse>('ecr', 'DescribeImages', input)
  const { imageDetails = [] } = await answer.catch(() => ({ imageDetails: [] }))
  return imageDetails.map(({ imageTags = [] }) => imageTags.toSorted())[0]
}

/** Deletes every image without a tag, as a clean-up does. */
async function cleanUp(stage: Stage): Promise<void> {
  const repositoryName = 'orders'
  const filter = { tagStatus: 'UNTAGGED' }
  const listed = await stage.call<DescribeImagesResponse>('ecr', 'DescribeImages', {
    repositoryName,
    filter,
  })
  const imageIds = (listed.imageDetails ?? []).map(({ imageDigest }) => ({ imageDigest }))
  if (imageIds.length > 0) {
    await stage.call('ecr', 'BatchDeleteImage', { repositoryName, imageIds })
  }
}

const scale = (stage: Stage, desiredCount: number) =>
  stage.call('ecs', 'UpdateService', { cluster: 'dev-backend', service: 'orders', desiredCount })

describe('what runs keeps a name', () => {
  it('so that a clean-up spares it when its tag has moved on to a bad image', async () => {
    const stage = await Stage.open()
    const recording = new Recording(stage.simulation)
    const first = stage.push(GOOD)
    await stage.minutes(10)
    expect(await tagsOf(stage, first)).toEqual([`caretaker-dev-orders-${short(first)}`, 'main'])
    const bad = stage.push(BAD)
    await stage.minutes(20)
    expect(await tagsOf(stage, bad)).toEqual(['main'])
    await cleanUp(stage)
    await scale(stage, 0)
    await stage.minutes(5)
    await scale(stage, 1)
    await stage.minutes(10)
    const { running, healthy } = await stage.service()
    expect([running?.digest, healthy]).toEqual([first, true])
    // Nobody hears of the name as of a push.
    expect(stage.verdicts()).toEqual(['deployed', 'rolled-back'])
    expectInvariants(recording, { settled: true })
  })

  it('and what ran before loses it where another tag remains, and is not deleted where none does', async () => {
    const stage = await Stage.open()
    const { ecr } = stage.simulation
    const built = ecr.push({ repository: 'orders', tags: ['commit-1', 'main'] }).digest
    await stage.minutes(10)
    const byHand = stage.push(GOOD)
    await stage.minutes(10)
    expect(await tagsOf(stage, built)).toEqual(['commit-1'])
    const last = stage.push(GOOD)
    await stage.minutes(10)
    expect(await tagsOf(stage, byHand)).toEqual([`caretaker-dev-orders-${short(byHand)}`])
    expect(await tagsOf(stage, last)).toEqual([`caretaker-dev-orders-${short(last)}`, 'main'])
    expect(stage.calls('BatchDeleteImage')).toBe(1)
  })

  it('also what is to run when its service wakes; what ran before keeps its own until then', async () => {
    const stage = await Stage.open()
    const { ecr } = stage.simulation
    const first = ecr.push({ repository: 'orders', tags: ['commit-1', 'main'] }).digest
    await stage.minutes(10)
    await scale(stage, 0)
    const staged = ecr.push({ repository: 'orders', tags: ['commit-2', 'main'] }).digest
    await stage.minutes(10)
    const names = [first, staged].map((digest) => `caretaker-dev-orders-${short(digest)}`)
    expect(await tagsOf(stage, first)).toEqual([names[0], 'commit-1'])
    expect(await tagsOf(stage, staged)).toEqual([names[1], 'commit-2', 'main'])
    await scale(stage, 1)
    await stage.minutes(20)
    expect(stage.verdicts()).toContain('deployed')
    expect(await tagsOf(stage, first)).toEqual(['commit-1'])
    expect(await tagsOf(stage, staged)).toEqual([names[1], 'commit-2', 'main'])
  })

  it.each([
    ['has not opted in', { 'caretaker:service': undefined }],
    ['is another environment’s', { 'caretaker:environment': 'staging' }],
  ])('but not in a repository that %s', async (_, tags) => {
    const stage = await Stage.open()
    const resourceArn = stage.simulation.aws.arn('ecr', 'repository/orders')
    for (const [Key, Value] of Object.entries(tags)) {
      const [operation, input] =
        Value === undefined
          ? ['UntagResource', { tagKeys: [Key] }]
          : ['TagResource', { tags: [{ Key, Value }] }]
      await stage.call('ecr', operation as string, { resourceArn, ...(input as object) })
    }
    const digest = stage.push(GOOD)
    await stage.minutes(10)
    expect(stage.verdicts()).toEqual(['deployed'])
    expect(await tagsOf(stage, digest)).toEqual(['main'])
    expect(stage.calls('PutImage')).toBe(0)
    // The role may not either.
    const roleArn = stage.simulation.iam.roles.find(({ name }) =>
      name.includes('watchdeployment'),
    )?.arn
    const caller = { kind: 'function', name: 'dev-watch-deployment', roleArn } as const
    const input = { repositoryName: 'orders', imageIds: [{ imageTag: 'main' }] }
    await expect(stage.callAs(caller as never, 'ecr', 'BatchDeleteImage', input)).rejects.toThrow(
      /not authorized/,
    )
  })

  it('and runs all the same when the registry does not take it, which its record says', async () => {
    const stage = await Stage.open()
    const { operations } = stage.simulation.ecr as unknown as {
      operations: Record<string, () => never>
    }
    operations.PutImage = () => {
      throw new AwsError('LimitExceededException', 'too many tags')
    }
    stage.push(GOOD)
    await stage.minutes(10)
    const [record] = stage.simulation.records.verdicts
    expect(record?.verdict).toBe('deployed')
    expect(record?.reason).toMatch(/did not take the name that keeps the image: .*too many tags/)
  })
})

describe('a name', () => {
  const names = keptNamesOf('dev', 'orders')
  const name = keptName(names, `sha256:${'a1'.repeat(32)}`)

  it('says whose image it is, and fits into a tag however long a service is called', () => {
    expect(name).toBe('caretaker-dev-orders-a1a1a1a1a1a1')
    const long = keptName(keptNamesOf('dev', 'x'.repeat(255)), `sha256:${'a1'.repeat(32)}`)
    expect(long).toMatch(/^[\w.-]{128}$/)
    expect(isKeptName(long)).toBe(true)
  })

  test.each(['glob:*', 'glob:c*', 'semver:*', 'main'])('is not taken by %s', (policy) => {
    expect(takes(parsePolicy(policy), name)).toBe(false)
  })

  test.each(['caretaker-dev', 'glob:caretaker-*', 'glob: caretaker-@'])(
    'cannot be asked for: %s',
    (policy) => expect(() => parsePolicy(policy)).toThrow(PolicyError),
  )
})
