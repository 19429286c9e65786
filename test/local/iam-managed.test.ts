import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { managedPolicy } from '../../local/aws/iam/managed.ts'

/**
 * How many actions a policy of AWS's allows, and the beginning of the digest of their names in the
 * order of the alphabet, with a comma between them: whoever changes one of them has read AWS's
 * document again (https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html).
 */
test.each([
  ['service-role/AmazonECSTaskExecutionRolePolicy', 6, 'ccda0b3f6e793bb8'],
  ['service-role/AWSLambdaBasicExecutionRole', 3, '971dc4fe8ad30843'],
  ['AmazonSSMManagedInstanceCore', 25, '5e9fe0a1a855fddd'],
  ['AmazonEC2ContainerRegistryPullOnly', 4, '1befa46b7c44dbe3'],
  ['AmazonEKSBlockStoragePolicy', 7, '6f89f3dd3c58a56a'],
  ['AmazonEKSClusterPolicy', 63, '4bbce18f84de0b2a'],
  ['AmazonEKSComputePolicy', 7, '5f0cbf29ec19972b'],
  ['AmazonEKSLoadBalancingPolicy', 34, '65f0e8060623f61e'],
  ['AmazonEKSNetworkingPolicy', 11, 'd99dbb2e8df2a1dd'],
])('%s allows %i actions', (name, count, digest) => {
  const { statements } = managedPolicy(`arn:aws:iam::aws:policy/${name}`)
  const actions = statements.flatMap((statement) => statement.actions.patterns).toSorted()
  const found = createHash('sha256').update(actions.join()).digest('hex').slice(0, 16)
  expect({ count: actions.length, digest: found }).toEqual({ count, digest })
  expect(statements).toMatchObject([{ effect: 'Allow', resources: { patterns: ['*'] } }])
})

test('a policy that is not in the table is not simulated', () => {
  const arn = 'arn:aws:iam::aws:policy/AdministratorAccess'
  expect(() => managedPolicy(arn)).toThrow(`the managed policy ${arn}`)
})
