import type { DescribeTargetHealthOutput } from '@aws-sdk/client-elastic-load-balancing-v2'
import { expect, test } from 'vitest'
import { S3 } from '../../local/aws/s3/s3.ts'
import { MINUTE } from '../kits/account.ts'
import { Cluster } from '../kits/cluster.ts'

const ELB = 'elastic-load-balancing-v2'

/** An account with a load balancer that forwards to the target group `orders`. */
async function balanced() {
  const account = await Cluster.open()
  const elb = <Output>(operation: string, input: object) =>
    account.call<Output>(ELB, operation, input)
  const { TargetGroups } = await elb<{ TargetGroups: { TargetGroupArn: string }[] }>(
    'CreateTargetGroup',
    {
      Name: 'orders',
      Protocol: 'HTTP',
      Port: 8080,
      TargetType: 'ip',
      VpcId: 'vpc-1',
      HealthCheckIntervalSeconds: 10,
      HealthyThresholdCount: 2,
      UnhealthyThresholdCount: 2,
    },
  )
  const TargetGroupArn = TargetGroups[0]?.TargetGroupArn ?? ''
  await elb('ModifyTargetGroupAttributes', {
    TargetGroupArn,
    Attributes: [{ Key: 'deregistration_delay.timeout_seconds', Value: '20' }],
  })
  const { LoadBalancers } = await elb<{ LoadBalancers: { LoadBalancerArn: string }[] }>(
    'CreateLoadBalancer',
    { Name: 'dev', Subnets: ['subnet-a', 'subnet-b'] },
  )
  const LoadBalancerArn = LoadBalancers[0]?.LoadBalancerArn
  const health = async () => {
    const answer = await elb<DescribeTargetHealthOutput>('DescribeTargetHealth', { TargetGroupArn })
    return answer.TargetHealthDescriptions?.map(({ TargetHealth }) => TargetHealth?.State)
  }
  const listen = () =>
    elb<{ Listeners: { ListenerArn: string }[] }>('CreateListener', {
      LoadBalancerArn,
      Protocol: 'HTTP',
      Port: 80,
      DefaultActions: [{ Type: 'forward', TargetGroupArn }],
    })
  const loadBalancers = [
    { targetGroupArn: TargetGroupArn, containerName: 'orders', containerPort: 8080 },
  ]
  return { account, elb, TargetGroupArn, LoadBalancerArn, health, listen, loadBalancers }
}

test('targets become healthy, drain and go as a service rolls out', async () => {
  const { account, health, listen, loadBalancers } = await balanced()
  await listen()
  await account.create(await account.revision({ startup: 12 }), { loadBalancers })
  await account.run(35_000)
  expect(await health()).toEqual(['initial', 'initial'])
  expect(account.story()).toEqual(['IN_PROGRESS'])
  await account.run(MINUTE)
  expect(await health()).toEqual(['healthy', 'healthy'])
  expect(account.story()).toContain('COMPLETED')

  await account.update({ taskDefinition: await account.revision({ startup: 12 }) })
  const seen = new Set<string>()
  for (let second = 0; second < 180; second++) {
    await account.run(1_000)
    const states = (await health()) ?? []
    expect(states.filter((state) => state === 'healthy').length).toBeGreaterThanOrEqual(2)
    for (const state of states) seen.add(state ?? '')
  }
  expect([...seen].toSorted()).toEqual(['draining', 'healthy', 'initial'])
  expect(await health()).toEqual(['healthy', 'healthy'])
  expect((await account.deployments())[0]?.status).toBe('SUCCESSFUL')
})

test('an image that never answers fails its load balancer checks and is rolled back', async () => {
  const { account, listen, loadBalancers, TargetGroupArn, health } = await balanced()
  await listen()
  const good = await account.revision({})
  await account.create(good, { loadBalancers, healthCheckGracePeriodSeconds: 30 })
  await account.run(3 * MINUTE)
  await account.update({ taskDefinition: await account.revision({ behaviour: 'unhealthy' }) })
  await account.run(8 * MINUTE)
  const [ended] = await account.deployments()
  expect(ended?.status).toBe('ROLLBACK_SUCCESSFUL')
  expect(ended?.deploymentCircuitBreaker).toMatchObject({ failureCount: 2, status: 'TRIGGERED' })
  const [task] = await account.tasks('STOPPED')
  expect(task?.stoppedReason).toBe(
    `Task failed ELB health checks in (target-group ${TargetGroupArn})`,
  )
  const lived = (task?.stoppingAt?.getTime() ?? 0) - (task?.startedAt?.getTime() ?? 0)
  expect(lived).toBeGreaterThanOrEqual(30_000)
  expect(await health()).toEqual(['healthy', 'healthy'])
  expect((await account.service()).taskDefinition).toBe(good)
})

test('a target group without a load balancer is refused to a service, and unused', async () => {
  const { account, elb, health, loadBalancers, TargetGroupArn } = await balanced()
  await expect(account.create(await account.revision({}), { loadBalancers })).rejects.toThrow(
    `The target group with targetGroupArn ${TargetGroupArn} does not have an associated load balancer.`,
  )
  await elb('RegisterTargets', { TargetGroupArn, Targets: [{ Id: '10.9.9.9' }] })
  expect(await health()).toEqual(['unused'])
})

test('a registered target that nothing answers for becomes unhealthy', async () => {
  const { account, elb, health, listen, TargetGroupArn } = await balanced()
  await listen()
  await elb('RegisterTargets', { TargetGroupArn, Targets: [{ Id: '10.9.9.9', Port: 80 }] })
  expect(await health()).toEqual(['initial'])
  await account.run(30_000)
  expect(await health()).toEqual(['unhealthy'])
  await elb('DeregisterTargets', { TargetGroupArn, Targets: [{ Id: '10.9.9.9' }] })
  expect(await health()).toEqual(['draining'])
  await account.run(20_000)
  expect(await health()).toEqual([])
})

test('listeners, rules and tags are kept, and what is in use is not deleted', async () => {
  const { account, elb, listen, TargetGroupArn, LoadBalancerArn } = await balanced()
  const ListenerArn = (await listen()).Listeners[0]?.ListenerArn
  const rule = {
    ListenerArn,
    Priority: 10,
    Conditions: [{ Field: 'path-pattern', Values: ['/orders/*'] }],
    Actions: [{ Type: 'forward', TargetGroupArn }],
  }
  await elb('CreateRule', rule)
  await expect(elb('CreateRule', rule)).rejects.toMatchObject({ name: 'PriorityInUseException' })
  const { Rules } = await elb<{ Rules: { Priority: string }[] }>('DescribeRules', { ListenerArn })
  expect(Rules.map(({ Priority }) => Priority)).toEqual(['10', 'default'])
  expect(await elb('DescribeTargetGroups', { Names: ['orders'] })).toMatchObject({
    TargetGroups: [{ LoadBalancerArns: [LoadBalancerArn] }],
  })
  await expect(elb('DeleteTargetGroup', { TargetGroupArn })).rejects.toMatchObject({
    name: 'ResourceInUseException',
  })
  await elb('AddTags', { ResourceArns: [LoadBalancerArn], Tags: [{ Key: 'a', Value: 'b' }] })
  expect(await elb('DescribeTags', { ResourceArns: [LoadBalancerArn] })).toMatchObject({
    TagDescriptions: [{ Tags: [{ Key: 'a', Value: 'b' }] }],
  })
  const state = () => elb('DescribeLoadBalancers', { LoadBalancerArns: [LoadBalancerArn] })
  expect(await state()).toMatchObject({ LoadBalancers: [{ State: { Code: 'provisioning' } }] })
  await account.run(3 * MINUTE)
  expect(await state()).toMatchObject({ LoadBalancers: [{ State: { Code: 'active' } }] })
})

test('a network load balancer writes its access log only where log delivery may see who may', async () => {
  const { account, elb } = await balanced()
  account.aws.register(new S3(account.aws))
  await account.call('s3', 'CreateBucket', {
    Bucket: 'logs',
    CreateBucketConfiguration: { LocationConstraint: account.aws.region },
  })
  const { LoadBalancers } = await elb<{ LoadBalancers: { LoadBalancerArn: string }[] }>(
    'CreateLoadBalancer',
    { Name: 'tcp', Type: 'network', Subnets: ['subnet-a'] },
  )
  const Attributes = Object.entries({ enabled: 'true', bucket: 'logs', prefix: 'nlb' }).map(
    ([name, Value]) => ({ Key: `access_logs.s3.${name}`, Value }),
  )
  const LoadBalancerArn = LoadBalancers[0]?.LoadBalancerArn
  const log = () => elb('ModifyLoadBalancerAttributes', { LoadBalancerArn, Attributes })
  const Principal = { Service: 'delivery.logs.amazonaws.com' }
  const write = {
    Effect: 'Allow',
    Principal,
    Action: 's3:PutObject',
    Resource: 'arn:aws:s3:::logs/nlb/*',
  }
  const look = { ...write, Action: 's3:GetBucketAcl', Resource: 'arn:aws:s3:::logs' }
  const admit = (...Statement: object[]) =>
    account.call('s3', 'PutBucketPolicy', { Bucket: 'logs', Policy: JSON.stringify({ Statement }) })
  await expect(log()).rejects.toThrow('Access Denied for bucket: logs')
  await admit(write)
  await expect(log()).rejects.toThrow('Access Denied for bucket: logs')
  await admit(write, look)
  await log()
})
