import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { templatesOf } from '../../local/simulation/synth.ts'
import { catalogOf } from '../kits/catalog.ts'
import { template } from '../kits/synth.ts'

/** Which roles the machine that registers task definitions may hand to ECS. */
const passed = async (more: string): Promise<string> => {
  const environment = readFileSync('catalog/environment.yaml', 'utf8')
  const catalog = catalogOf({
    'environment.yaml': environment + more,
    'services/mailer.yaml': 'kind: worker\nteam: storefront\n',
  })
  const stack = await template('DevControlPlane', templatesOf(catalog, { isValidated: true }))
  const role = Object.values(stack.Resources).find(
    ({ Type, Properties }) =>
      Type === 'AWS::StepFunctions::StateMachine' && Properties.StateMachineName === 'dev-roll-out',
  )?.Properties.RoleArn as { 'Fn::GetAtt': [string, string] }
  const [id] = role['Fn::GetAtt']
  const statements = Object.values(stack.Resources)
    .filter(({ Type }) => Type === 'AWS::IAM::Policy')
    .filter(({ Properties }) => (Properties.Roles as { Ref: string }[])[0]?.Ref === id)
    .flatMap(({ Properties }) => (Properties.PolicyDocument as Document).Statement)
  const own = statements.filter(
    ({ Action, Effect }) => Action === 'iam:PassRole' && Effect === 'Allow',
  )
  expect(own.length).toBe(1)
  expect(own[0]?.Condition).toEqual({
    StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' },
  })
  return JSON.stringify(own[0]?.Resource)
}
type Document = {
  Statement: { Action: string | string[]; Effect: string; Resource: unknown; Condition?: object }[]
}

test('without passRoles only those of the environment, as one pattern', async () => {
  expect((await passed('')).match(/role\/[^"]+/g)).toEqual(['role/dev-*'])
})

test('with passRoles those too, by name or by how they begin', async () => {
  const roles = await passed('\npassRoles: [ecsTaskExecutionRole, shop-*]\n')
  expect(roles.match(/role\/[^"]+/g)).toEqual([
    'role/dev-*',
    'role/ecsTaskExecutionRole',
    'role/shop-*',
  ])
})
