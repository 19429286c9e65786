import { describe, expect, it } from 'vitest'
import { grantsOf, type RoleGrant } from '../../local/aws/iam/usage.ts'
import { actsStory } from '../kits/acts-story.ts'
import { BAD, Stage } from '../kits/roll-outs.ts'

/**
 * A good image, then a bad one: every part of the control plane has something to do.
 *
 * @param isOver asked every minute: whether what comes after is of no interest.
 */
async function story(stage: Stage, isOver = () => false): Promise<void> {
  stage.push()
  await minutes(stage, 10, isOver)
  if (isOver()) return
  stage.push(BAD)
  await minutes(stage, 20, isOver)
}

async function minutes(stage: Stage, count: number, isOver: () => boolean): Promise<void> {
  for (let minute = 0; minute < count && !isOver(); minute++) await stage.minutes(1)
}

type Policy = { Statement: { Action: string | string[] }[] }

/** Takes one action away from a role, in every statement that has it. */
async function takeAway(stage: Stage, role: string, action: string): Promise<void> {
  const { PolicyNames } = await stage.call<{ PolicyNames: string[] }>('iam', 'ListRolePolicies', {
    RoleName: role,
  })
  for (const PolicyName of PolicyNames) {
    const named = { RoleName: role, PolicyName }
    const { PolicyDocument } = await stage.call<{ PolicyDocument: string }>(
      'iam',
      'GetRolePolicy',
      named,
    )
    const policy = JSON.parse(decodeURIComponent(PolicyDocument)) as Policy
    const Statement = policy.Statement.map((one) => ({
      ...one,
      Action: [one.Action].flat().filter((name) => name !== action),
    })).filter(({ Action }) => Action.length > 0)
    await stage.call('iam', 'PutRolePolicy', {
      ...named,
      PolicyDocument: JSON.stringify({ ...policy, Statement }),
    })
  }
}

/** What IAM says to each call it refuses. */
function refusals({ simulation }: Stage): string[] {
  const told: string[] = []
  const { guards } = simulation.aws
  for (const [at, guard] of guards.entries()) {
    guards[at] = (call) => {
      try {
        guard(call)
      } catch (error) {
        told.push((error as Error).message)
        throw error
      }
    }
  }
  return told
}

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

describe('a role of the control plane without one of its actions', () => {
  it('was looked at for every part', () => {
    expect(new Set(cases.map(([role]) => role)).size).toBeGreaterThanOrEqual(6)
    expect(cases.length).toBeGreaterThan(30)
  })

  it.each(cases)('%s without %s: is refused, by the role’s name', async (logicalId, action) => {
    const stage = await Stage.open()
    const role = stage.simulation.iam.roles.find(
      ({ tags }) => tags['aws:cloudformation:logical-id'] === logicalId,
    )
    const name = role?.name ?? expect.unreachable(`no role ${logicalId}`)
    await takeAway(stage, name, action)
    const told = refusals(stage)
    const isRefused = (text: string) =>
      text.includes(`assumed-role/${name}/`) &&
      new RegExp(`not authorized to perform: ${action} on resource: \\S+`).test(text)
    const isOver = () => told.some(isRefused)
    await (isOfActs(logicalId) ? actsStory(stage) : story(stage, isOver))
    expect(told).toContainEqual(expect.toSatisfy(isRefused))
  })
})
