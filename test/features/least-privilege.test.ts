import { describe, expect, it } from 'vitest'
import type { Operations } from '../../local/aws/aws.ts'
import { type Call, checksOf } from '../../local/aws/iam/actions.ts'
import { dependentChecks } from '../../local/aws/iam/dependent.ts'
import { enforcement } from '../../local/aws/iam/enforcement.ts'
import type { Role } from '../../local/aws/iam/model.ts'
import { grantsOf, type RoleGrant } from '../../local/aws/iam/usage.ts'
import { actsStory } from '../kits/acts-story.ts'
import { BAD, Stage } from '../kits/roll-outs.ts'

/** A good image, then a bad one: every part of the control plane has something to do. */
async function story(stage: Stage): Promise<void> {
  stage.push()
  await stage.minutes(10)
  stage.push(BAD)
  await stage.minutes(20)
}

type Policy = { Statement: { Action: string | string[] }[] }
type Named = { RoleName: string; PolicyName: string }
type Ask = <Output>(operation: string, input: object) => Output

/** Does something while one action is away from a role, from every statement that has it. */
function without(ask: Ask, { name: RoleName }: Role, action: string, act: () => void): void {
  const { PolicyNames } = ask<{ PolicyNames: string[] }>('ListRolePolicies', { RoleName })
  const documents = PolicyNames.map((PolicyName): Named & { PolicyDocument: string } => {
    const named = { RoleName, PolicyName }
    const { PolicyDocument } = ask<{ PolicyDocument: string }>('GetRolePolicy', named)
    return { ...named, PolicyDocument: decodeURIComponent(PolicyDocument) }
  })
  for (const { PolicyDocument, ...named } of documents) {
    const policy = JSON.parse(PolicyDocument) as Policy
    const Statement = policy.Statement.map((one) => ({
      ...one,
      Action: [one.Action].flat().filter((other) => other !== action),
    })).filter(({ Action }) => Action.length > 0)
    ask('PutRolePolicy', { ...named, PolicyDocument: JSON.stringify({ ...policy, Statement }) })
  }
  act()
  for (const one of documents) ask('PutRolePolicy', one)
}

/**
 * What IAM says to the first call of a story that it refuses when a role is without an action, by
 * `role action`. The story itself goes on with all actions: until that call nothing in it would be
 * otherwise, and after it nothing is asked.
 *
 * @param wanted the roles, by their logical ids, and the actions.
 */
async function refusalsIn(
  play: typeof story,
  wanted: ReadonlySet<string>,
): Promise<Map<string, string>> {
  const stage = await Stage.open()
  const { aws, iam } = stage.simulation
  const guard = enforcement(aws)
  const ask = ((operation, input) => {
    const run = (iam.operations as Operations)[operation]
    return run?.(input as never, { kind: 'person', name: 'tester' })
  }) as Ask
  const told = new Map<string, string>()
  const look = (call: Call & Parameters<typeof guard>[0], role: Role) => {
    const logicalId = role.tags['aws:cloudformation:logical-id'] ?? ''
    for (const { action } of [...checksOf(call), ...dependentChecks(call)]) {
      const name = `${logicalId} ${action}`
      if (!wanted.has(name) || told.has(name)) continue
      without(ask, role, action, () => {
        const { record } = iam.usage
        // What is only tried is no use of what is left.
        iam.usage.record = () => {}
        try {
          guard(call)
        } catch (error) {
          const { message } = error as Error
          if (isRefusal(message, role.name, action)) told.set(name, message)
        } finally {
          iam.usage.record = record
        }
      })
    }
  }
  aws.guards.unshift((call) => {
    const role = call.caller.roleArn === undefined ? undefined : iam.findRole(call.caller.roleArn)
    if (role !== undefined) look({ ...call, aws }, role)
  })
  await play(stage)
  return told
}

const isRefusal = (text: string, role: string, action: string): boolean =>
  text.includes(`assumed-role/${role}/`) &&
  new RegExp(`not authorized to perform: ${action} on resource: \\S+`).test(text)

/** What the roles of a part needed while its story was played. */
async function neededIn(play: typeof story, isOf: (key: string) => boolean): Promise<RoleGrant[]> {
  const stage = await Stage.open()
  const grants = () =>
    grantsOf(stage.simulation.iam).filter(
      ({ key }) => key.startsWith('DevControlPlane/') && isOf(key),
    )
  // What was needed once, when the stack was deployed, the story does not ask for again.
  const before = new Map(grants().map(({ key, used }) => [key, used]))
  await play(stage)
  return grants().filter(({ key, used }) => used > (before.get(key) ?? 0))
}

/** Whether a role is of the entrances, which have a story of their own. */
const isOfActs = (name: string): boolean => /^(DevControlPlane\/)?acts/.test(name)
const needed = [
  ...(await neededIn(story, (key) => !isOfActs(key))),
  ...(await neededIn(actsStory, isOfActs)),
]
const actionOf = ({ text }: RoleGrant): string => text.split(' on ')[0] ?? ''
/** `DevControlPlane/rolloutrole1234: …` */
const logicalIdOf = ({ key }: RoleGrant): string => /\/(\w+):/.exec(key)?.[1] ?? ''
const cases = [...new Set(needed.map((grant) => `${logicalIdOf(grant)} ${actionOf(grant)}`))].map(
  (text) => text.split(' ') as [string, string],
)

const names = new Set(cases.map((one) => one.join(' ')))
const told = new Map([
  ...(await refusalsIn(story, new Set([...names].filter((name) => !isOfActs(name))))),
  ...(await refusalsIn(actsStory, new Set([...names].filter(isOfActs)))),
])

describe('a role of the control plane without one of its actions', () => {
  it('was looked at for every part', () => {
    expect(new Set(cases.map(([role]) => role)).size).toBeGreaterThanOrEqual(6)
    expect(cases.length).toBeGreaterThan(30)
  })

  it.each(cases)('%s without %s: is refused, by the role’s name', (logicalId, action) => {
    expect(told.get(`${logicalId} ${action}`)).toContain(`not authorized to perform: ${action}`)
  })
})
