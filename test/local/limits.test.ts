import { describe, expect, test } from 'vitest'
import { halfOf, throttle } from '../../local/aws/limits.ts'
import { World } from '../../local/aws/world.ts'
import { Account, PERSON, START } from '../kits/account.ts'

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

/** How many of a call are taken at once, and in the second after that. */
async function takes(operation: string, input: Record<string, unknown>, service = 'ec2') {
  const world = new World({ seed: 1, start: START })
  const guard = throttle(world)
  return countOf(world, () => guard({ service, operation, input, caller: PERSON }))
}

async function countOf(world: World, call: () => void): Promise<[number, number]> {
  const taken = () => {
    for (let count = 0; ; count++) {
      try {
        call()
      } catch {
        return count
      }
    }
  }
  const atOnce = taken()
  await world.run(1_000)
  return [atOnce, taken()]
}

describe('calls of EC2 cost what they are about', () => {
  const ids = (count: number) => Array.from({ length: count }, (_, at) => `i-${at}`)

  test.each<[string, Record<string, unknown>, [number, number]]>([
    ['RunInstances', {}, [5, 2]],
    ['RunInstances', { MaxCount: 1 }, [5, 2]],
    ['RunInstances', { MaxCount: 400 }, [2, 0]],
    ['RunInstances', { MaxCount: 1_000 }, [1, 0]],
    ['StartInstances', { InstanceIds: ids(1) }, [5, 2]],
    ['StartInstances', { InstanceIds: ids(300) }, [3, 0]],
    ['StartInstances', { InstanceIds: ids(1_000) }, [1, 0]],
    // Too many are refused by the operation itself.
    ['StartInstances', { InstanceIds: ids(1_001) }, [5, 2]],
    ['StartInstances', {}, [5, 2]],
    ['StopInstances', { InstanceIds: ids(1) }, [50, 5]],
    ['StopInstances', { InstanceIds: ids(100) }, [10, 0]],
    ['StopInstances', { InstanceIds: ids(20) }, [50, 1]],
    ['TerminateInstances', { InstanceIds: ids(1) }, [50, 5]],
    ['TerminateInstances', { InstanceIds: ids(20) }, [50, 1]],
    ['DescribeInstances', {}, [50, 10]],
    ['DescribeInstances', { Filters: [] }, [50, 10]],
    ['DescribeInstances', { Filters: [{}] }, [100, 20]],
    ['DescribeInstances', { MaxResults: 5 }, [100, 20]],
    ['DescribeInstances', { NextToken: 'a' }, [100, 20]],
    ['DescribeInstanceStatus', {}, [50, 10]],
    ['DescribeInstanceStatus', { Filters: [{}] }, [100, 20]],
  ])('%s %#: %j', async (operation, input, expected) => {
    expect(await takes(operation, input)).toEqual(expected)
  })

  test('half of what a service allows is half of each of its rates', async () => {
    const world = new World({ seed: 1, start: START })
    const guard = throttle(world, halfOf('ecr'))
    const call = (operation: string) => () =>
      guard({ service: 'ecr', operation, input: {}, caller: PERSON })
    expect(await countOf(world, call('PutImage'))).toEqual([5, 5])
    expect(await countOf(world, call('GetAuthorizationToken'))).toEqual([250, 250])
    expect(halfOf('nothing')).toEqual({ nothing: [] })
  })
})

test('EC2 has words of its own for too many calls', async () => {
  const { aws } = new Account()
  const guard = throttle(aws.world)
  const call = () => guard({ service: 'ec2', operation: 'RunInstances', input: {}, caller: PERSON })
  for (let count = 0; count < 5; count++) call()
  expect(call).toThrow(
    expect.objectContaining({ name: 'RequestLimitExceeded', message: 'Request limit exceeded.' }),
  )
})
