import { expect, test } from 'vitest'
import type { Caller } from '../../local/aws/aws.ts'
import { Ssm } from '../../local/aws/ssm/ssm.ts'
import { Sts } from '../../local/aws/sts/sts.ts'
import { Account } from '../kits/account.ts'

function opened() {
  const account = new Account([Ssm, Sts])
  const { aws, events } = account
  const call = <Output = Record<string, unknown>>(operation: string, input: object = {}) =>
    account.call<Output>('ssm', operation, input)
  const put = (Name: string, Value: string, more: object = {}) =>
    call('PutParameter', { Name, Value, Type: 'String', ...more })
  return { aws, events, call, put }
}

test('a parameter has versions', async () => {
  const { call, put, events } = opened()
  expect(await put('/shop/limit', '1')).toEqual({ Version: 1, Tier: 'Standard' })
  await expect(put('/shop/limit', '2')).rejects.toMatchObject({ name: 'ParameterAlreadyExists' })
  expect(await put('/shop/limit', '2', { Overwrite: true })).toMatchObject({ Version: 2 })
  expect(await call('GetParameter', { Name: '/shop/limit' })).toMatchObject({
    Parameter: {
      ARN: 'arn:aws:ssm:eu-central-1:123456789012:parameter/shop/limit',
      Value: '2',
      Version: 2,
    },
  })
  expect(await call('GetParameter', { Name: '/shop/limit:1' })).toMatchObject({
    Parameter: { Value: '1', Selector: ':1' },
  })
  await call('DeleteParameter', { Name: '/shop/limit' })
  await expect(call('GetParameter', { Name: '/shop/limit' })).rejects.toMatchObject({
    name: 'ParameterNotFound',
  })
  expect(events.map(({ detail }) => detail.operation)).toEqual(['Create', 'Update', 'Delete'])
})

test('parameters are read by path and by name', async () => {
  const { call, put } = opened()
  await put('/shop/a', '1')
  await put('/shop/deep/b', '2')
  await put('other', '3')
  const names = async (input: object) =>
    (await call<{ Parameters: { Name: string }[] }>('GetParametersByPath', input)).Parameters.map(
      ({ Name }) => Name,
    )
  expect(await names({ Path: '/shop' })).toEqual(['/shop/a'])
  expect(await names({ Path: '/shop', Recursive: true })).toEqual(['/shop/a', '/shop/deep/b'])
  expect(await call('GetParameters', { Names: ['other', 'none'] })).toMatchObject({
    Parameters: [{ Name: 'other', Value: '3' }],
    InvalidParameters: ['none'],
  })
})

test('a secure value is shown only to who asks for it', async () => {
  const { call, put } = opened()
  await put('token', 'secret', { Type: 'SecureString' })
  const read = (more: object) => call('GetParameter', { Name: 'token', ...more })
  expect(JSON.stringify(await read({}))).not.toContain('"secret"')
  expect(await read({ WithDecryption: true })).toMatchObject({ Parameter: { Value: 'secret' } })
})

test('tags are added and taken away', async () => {
  const { call, put } = opened()
  await put('limit', '1', { Tags: [{ Key: 'team', Value: 'blue' }] })
  const limit = { ResourceType: 'Parameter', ResourceId: 'limit' }
  await call('AddTagsToResource', { ...limit, Tags: [{ Key: 'owner', Value: 'ana' }] })
  await call('RemoveTagsFromResource', { ...limit, TagKeys: ['team'] })
  expect(await call('ListTagsForResource', limit)).toEqual({
    TagList: [{ Key: 'owner', Value: 'ana' }],
  })
})

test.each([
  [{ kind: 'person', name: 'ana' }, 'arn:aws:iam::123456789012:user/ana'],
  [
    {
      kind: 'function',
      name: 'orders',
      roleArn: 'arn:aws:iam::123456789012:role/path/orders-role',
    },
    'arn:aws:sts::123456789012:assumed-role/orders-role/orders',
  ],
] satisfies [Caller, string][])('STS says who calls: %j', async (caller, Arn) => {
  const { aws } = opened()
  const answer = aws.call('sts', 'GetCallerIdentity', {}, caller)
  await aws.world.run(1_000)
  expect(await answer).toMatchObject({ Account: '123456789012', Arn })
})
