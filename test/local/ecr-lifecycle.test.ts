import { expect, it, test } from 'vitest'
import { Cluster } from '../kits/cluster.ts'

/** https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html */
const DAY = 86_400_000
const rule = (rulePriority: number, selection: object) => ({
  rulePriority,
  selection,
  action: { type: 'expire' },
})
const untagged = (more: object) => ({ tagStatus: 'untagged', ...more })

/** Pushes an image a day for five days, the first four untagged by the next of their name. */
async function opened(rules: object[]) {
  const account = await Cluster.open()
  const put = (lifecyclePolicyText: string) =>
    account.call('ecr', 'PutLifecyclePolicy', { repositoryName: 'orders', lifecyclePolicyText })
  const digests: string[] = []
  for (const tag of ['main', 'main', 'v1.0', 'v1.1', 'main']) {
    digests.push(
      account.ecr.push({ repository: 'orders', tag, image: { startup: digests.length } }).digest,
    )
    await account.run(DAY)
  }
  await put(JSON.stringify({ rules }))
  const left = async () => {
    const { imageDetails } = await account.call<{ imageDetails: { imageDigest: string }[] }>(
      'ecr',
      'DescribeImages',
      { repositoryName: 'orders' },
    )
    const there = new Set(imageDetails.map(({ imageDigest }) => imageDigest))
    return digests.flatMap((digest, index) => (there.has(digest) ? [index] : []))
  }
  return { account, digests, left, put }
}

test.each<[string, object[], number[]]>([
  [
    'the newest untagged one stays',
    [rule(1, untagged({ countType: 'imageCountMoreThan', countNumber: 1 }))],
    [1, 2, 3, 4],
  ],
  [
    'what is older than some days goes',
    [
      rule(1, {
        tagStatus: 'any',
        countType: 'sinceImagePushed',
        countUnit: 'days',
        countNumber: 3,
      }),
    ],
    [3, 4],
  ],
  [
    'by prefix',
    [
      rule(1, {
        tagStatus: 'tagged',
        tagPrefixList: ['v1.'],
        countType: 'imageCountMoreThan',
        countNumber: 1,
      }),
    ],
    [0, 1, 3, 4],
  ],
  [
    'by pattern',
    [
      rule(1, {
        tagStatus: 'tagged',
        tagPatternList: ['v*.0'],
        countType: 'sinceImagePushed',
        countUnit: 'days',
        countNumber: 1,
      }),
    ],
    [0, 1, 3, 4],
  ],
  [
    'an earlier rule keeps what it selects from a later one',
    [
      rule(2, { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 1 }),
      rule(1, {
        tagStatus: 'tagged',
        tagPrefixList: ['v1.'],
        countType: 'imageCountMoreThan',
        countNumber: 9,
      }),
    ],
    [2, 3, 4],
  ],
])('within a day %s', async (_, rules, expected) => {
  const { account, left } = await opened(rules)
  expect(await left()).toEqual([0, 1, 2, 3, 4])
  await account.run(DAY)
  expect(await left()).toEqual(expected)
})

it('tells of each image that it expires, and says when it was evaluated', async () => {
  const { account, digests } = await opened([
    rule(1, untagged({ countType: 'imageCountMoreThan', countNumber: 1 })),
  ])
  await account.run(DAY)
  const deleted = account.events.filter(({ detail }) => detail['action-type'] === 'DELETE')
  expect(deleted.map(({ detail }) => detail['image-digest'])).toEqual([digests[0]])
  const policy = await account.call<{ lastEvaluatedAt: Date }>('ecr', 'GetLifecyclePolicy', {
    repositoryName: 'orders',
  })
  expect(policy.lastEvaluatedAt).toEqual(account.world.date)
})

it('a policy that takes another one’s place is the only one', async () => {
  const { account, left, put } = await opened([
    rule(1, { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 1 }),
  ])
  await put(
    JSON.stringify({
      rules: [rule(1, { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 9 })],
    }),
  )
  await account.run(2 * DAY)
  expect(await left()).toHaveLength(5)
})

const COUNT = { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 1 }
test.each([
  'no JSON',
  '{}',
  JSON.stringify({ rules: [] }),
  JSON.stringify({ rules: [{ ...rule(1, COUNT), action: { type: 'keep' } }] }),
  JSON.stringify({ rules: [rule(1, { ...COUNT, countNumber: 0 })] }),
  JSON.stringify({ rules: [rule(1, { ...COUNT, countType: 'sinceImagePushed' })] }),
  JSON.stringify({ rules: [rule(1, { ...COUNT, tagStatus: 'tagged' })] }),
  JSON.stringify({ rules: [rule(1, COUNT), rule(1, COUNT)] }),
])('%s is no policy', async (lifecyclePolicyText) => {
  const account = await Cluster.open()
  await expect(
    account.call('ecr', 'PutLifecyclePolicy', { repositoryName: 'orders', lifecyclePolicyText }),
  ).rejects.toMatchObject({
    name: 'InvalidParameterException',
    message: expect.stringMatching(
      /^Invalid parameter at 'LifecyclePolicyText' failed to satisfy/i,
    ),
  })
})
