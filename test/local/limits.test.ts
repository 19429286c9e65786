import { describe, expect, test } from 'vitest'
import { throttle } from '../../local/aws/limits.ts'
import { Account, PERSON } from '../kits/account.ts'

function account() {
  const { aws } = new Account()
  // An empty request will do.
  aws.guards.length = 0
  const done = () => ({})
  aws.register({
    id: 'ecs',
    operations: {
      RegisterTaskDefinition: done,
      DeregisterTaskDefinition: done,
      UpdateService: done,
    },
  })
  aws.guards.push(throttle(aws.world))
  const call = (operation: string, caller = PERSON) => aws.call('ecs', operation, {}, caller)
  return { aws, call }
}

describe('throttle', () => {
  test('the 21st registration in a second is refused, and one a second comes back', async () => {
    const { aws, call } = account()
    for (let index = 0; index < 20; index++) await call('RegisterTaskDefinition')
    await expect(call('RegisterTaskDefinition')).rejects.toMatchObject({
      name: 'ThrottlingException',
      message: 'Rate exceeded',
    })
    await aws.world.run(1_000)
    await call('RegisterTaskDefinition')
    await expect(call('RegisterTaskDefinition')).rejects.toThrow('Rate exceeded')
    expect(aws.calls.at(-1)?.outcome).toBe('ThrottlingException')
    await aws.world.run(3_600_000)
    for (let index = 0; index < 20; index++) await call('RegisterTaskDefinition')
    await expect(call('RegisterTaskDefinition')).rejects.toThrow('Rate exceeded')
  })

  test('a category shares one bucket, categories do not', async () => {
    const { call } = account()
    for (let index = 0; index < 20; index++) {
      await call(index % 2 ? 'RegisterTaskDefinition' : 'DeregisterTaskDefinition')
    }
    await expect(call('DeregisterTaskDefinition')).rejects.toThrow('Rate exceeded')
    for (let index = 0; index < 50; index++) await call('UpdateService')
    await expect(call('UpdateService')).rejects.toThrow('Rate exceeded')
  })

  test('AWS itself and CloudFormation are not held up', async () => {
    const { call } = account()
    for (let index = 0; index < 60; index++) {
      await call('UpdateService', { kind: 'aws', name: 'codepipeline' })
      await call('UpdateService', { kind: 'cloudformation', name: 'stack' })
    }
    await expect(call('UpdateService')).resolves.toEqual({})
  })
})
