import { describe, expect, it, test } from 'vitest'
import { planOf } from '../../cli/deploy/plan.ts'
import { CREATE_ONLY } from '../../cli/deploy/replacement.ts'
import { exportsOf, identityOf, mangled, referredTo } from '../../cli/deploy/template.ts'
import { templatesOf } from '../../local/simulation/synth.ts'
import { type Stack, stacksOf, type Template } from '../../scripts/assembly.ts'
import { everything } from '../kits/everything.ts'
import { propertiesOf } from '../kits/resource-types.ts'

/** Properties that are the name itself, or that no line of the catalog can change. */
const NEVER_CHANGES: Record<string, string> = {
  'AWS::DynamoDB::Table KeySchema': 'written in infra/control-plane/table.ts',
  'AWS::ECS::Service Cluster': 'part of what must be unique: another cluster is another service',
  'AWS::ElastiCache::ReplicationGroup AuthToken': 'a secret by its reference',
  'AWS::ElastiCache::ReplicationGroup Engine': 'written in infra/environment/data/cache.ts',
  'AWS::ElasticLoadBalancingV2::ListenerRule ListenerArn': 'part of what must be unique',
  'AWS::ElasticLoadBalancingV2::TargetGroup TargetType': 'written in infra/environment/network',
  'AWS::EC2::VPC InstanceTenancy': 'the CDK’s default',
  'AWS::IAM::InstanceProfile InstanceProfileName': 'the name',
}

describe('a resource of which AWS has only one of a name', () => {
  it('has no property that only another resource could have, but those that deploy refuses', async () => {
    const unknown = new Set<string>()
    const stacks = [...stacksOf(await templatesOf()), ...stacksOf(await templatesOf(everything()))]
    for (const { template } of stacks) {
      const exported = new Set([...exportsOf(template).values()].map(referredTo))
      for (const [logicalId, resource] of Object.entries(template.Resources)) {
        const identity = identityOf(resource)
        if (identity === undefined && !exported.has(logicalId)) continue
        const { Type, Properties = {} } = resource
        const causes = propertiesOf(Type)
        for (const property of Object.keys(Properties)) {
          const isKnown =
            CREATE_ONLY[Type]?.includes(property) || `${Type} ${property}` in NEVER_CHANGES
          const isName = identity?.includes(String(Properties[property])) === true
          if (causes[property] === 'no' || causes[property] === undefined) continue
          if (causes[property] === 'maybe' || isKnown || isName) continue
          unknown.add(`${Type} ${property}`)
        }
      }
    }
    expect([...unknown]).toEqual([])
  })

  test.each(
    Object.entries(CREATE_ONLY).flatMap(([type, names]) => names.map((name) => [type, name])),
  )('%s: %s is one that CloudFormation does not change', (type, name) => {
    expect(propertiesOf(type)[name]).not.toBe('no')
    expect(propertiesOf(type)[name]).toBeDefined()
  })
})

const stack = (name: string, template: Partial<Template>, needs: string[] = []): Stack => ({
  name,
  template: { Resources: {}, ...template },
  needs,
})
const alarm = (AlarmName: string) => ({
  Type: 'AWS::CloudWatch::Alarm',
  Properties: { AlarmName },
})
const standing = (stacks: readonly Stack[], status = 'CREATE_COMPLETE') =>
  new Map(stacks.map(({ name, template }) => [name, { name, status, template }]))
const plan = (after: readonly Stack[], before: readonly Stack[], status?: string) =>
  planOf(after, standing(before, status), (name) => name.startsWith('Service'))
const waves = (...given: Parameters<typeof plan>) =>
  plan(...given).waves.map(({ deploy }) => deploy.map(({ name }) => name))

describe('what is deployed', () => {
  const one = stack('One', { Resources: { A: alarm('a') } })

  test.each([
    ['CREATE_COMPLETE', 0, 0],
    ['UPDATE_COMPLETE', 0, 0],
    ['IMPORT_COMPLETE', 0, 0],
    ['UPDATE_ROLLBACK_COMPLETE', 0, 0],
    ['UPDATE_FAILED', 1, 0],
    ['UPDATE_ROLLBACK_FAILED', 1, 0],
    ['ROLLBACK_COMPLETE', 1, 1],
    ['ROLLBACK_FAILED', 1, 1],
    ['DELETE_FAILED', 1, 1],
    ['REVIEW_IN_PROGRESS', 1, 1],
  ])('of a stack that is %s and has this very template', (status, count, dead) => {
    const found = plan([one], [one], status)
    expect(found.waves.flatMap(({ deploy }) => deploy)).toHaveLength(count)
    expect(found.dead).toHaveLength(dead)
  })

  it('is not a stack whose characters CloudFormation cannot show', () => {
    const now = stack('One', { Resources: { A: alarm('Grüße … 🚀') } })
    const then = stack('One', { Resources: { A: alarm('Gr??e ? ?') } })
    expect(waves([now], [then])).toEqual([])
    expect(mangled({ a: 'ü' })).toEqual({ a: '?' })
  })

  it('is who gives a name up before who takes it', () => {
    const two = stack('Two', { Resources: { B: alarm('b') } })
    const now = [
      stack('One', { Resources: { A: alarm('b') } }),
      stack('Two', { Resources: { B: alarm('c') } }),
    ]
    expect(waves(now, [one, two])).toEqual([['Two'], ['One']])
  })

  it('is nothing when two stacks change names with each other', () => {
    const two = stack('Two', { Resources: { B: alarm('b') } })
    const now = [
      stack('One', { Resources: { A: alarm('b') } }),
      stack('Two', { Resources: { B: alarm('a') } }),
    ]
    expect(() => plan(now, [one, two])).toThrow(/wait for each other.*one after the other/)
  })

  it('is nothing when a stack needs something new of the one that waits for it', () => {
    const exporting = (name: string) =>
      stack('Base', { Outputs: { Out: { Value: '1', Export: { Name: name } } } })
    const user = (name: string) =>
      stack(
        'Service-a',
        { Resources: { A: { Type: 'X', Properties: { At: { 'Fn::ImportValue': name } } } } },
        ['Base'],
      )
    expect(() => plan([exporting('new'), user('new')], [exporting('old'), user('old')])).toThrow(
      /wait for each other: Service-a uses old of Base/,
    )
  })
})
