import { expect, it } from 'vitest'
import { AwsError } from '../../../local/aws/errors.ts'
import { CATALOG, POLICY } from '../../kits/storms/tags.ts'
import { KEEPER, TagAccount } from '../../kits/tag-account.ts'

const DAY = 24 * 60 * 60_000

/** An account with so many untagged instances, the first of which AWS does not tag so often. */
async function failing(count: number, times: number, error: AwsError) {
  const account = await TagAccount.open(1, { ...POLICY, watch: ['ec2:instance'] }, CATALOG)
  const ids: string[] = []
  for (let made = 0; made < count; made++) ids.push(await account.launch({}))
  const [first = ''] = ids
  let left = times
  const asked: string[][] = []
  account.aws.guards.push(({ operation, caller, input }) => {
    if (caller.name !== KEEPER.name) return
    if (operation === 'TagResources') asked.push(input.ResourceARNList as string[])
    if (operation !== 'CreateTags' || !(input.Resources as string[]).includes(first)) return
    if (left-- > 0) throw error
  })
  await account.run(DAY)
  return { account, ids, first, asked }
}

it('what fails for AWS’s own reasons is asked for again, alone and later; the others of its call are done', async () => {
  const busy = new AwsError('InternalError', 'An internal error has occurred', { statusCode: 500 })
  const { account, ids, asked } = await failing(20, 2, busy)
  const from = account.world.now
  await account.sweep()
  expect(asked.map(({ length }) => length)).toEqual([20, 1, 1])
  for (const id of ids) expect(account.tags(id)).toMatchObject({ stage: 'try' })
  expect(account.world.now - from).toBeGreaterThan(1_000)
})

it('what its service does not take yet is tried again by each sweep, and is nobody’s to mend before the third', async () => {
  const creating = new AwsError('IncorrectState', 'It is being made.')
  const { account, first, asked } = await failing(2, 2, creating)
  for (let day = 0; day < 2; day++) {
    await account.sweep()
    await account.run(DAY)
  }
  expect(asked.map(({ length }) => length)).toEqual([2, 1])
  expect(account.tags(first)).toEqual({})
  await account.sweep()
  expect(account.tags(first)).toMatchObject({ stage: 'try' })
})
