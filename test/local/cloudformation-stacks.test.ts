import {
  CloudFormationClient,
  DeleteStackCommand,
  DescribeStacksCommand,
  GetTemplateCommand,
} from '@aws-sdk/client-cloudformation'
import { describe, expect, it, test } from 'vitest'
import { Iam } from '../../local/aws/iam/iam.ts'
import { CloudFormation } from '../../local/cloudformation/cloudformation.ts'
import { NAMED_BY } from '../../local/cloudformation/holdings.ts'
import type { Template } from '../../local/cloudformation/template.ts'
import { resourceType, simulatedTypes } from '../../local/cloudformation/types.ts'
import { sdkConfiguration } from '../../local/wire/request-handler.ts'
import { PERSON } from '../kits/account.ts'
import { propertiesOf } from '../kits/resource-types.ts'
import { Templates } from '../kits/templates.ts'

const table = (TableName?: string, more: object = {}) => ({
  Type: 'AWS::DynamoDB::Table',
  Properties: {
    ...(TableName !== undefined && { TableName }),
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
  },
  ...more,
})
const alarm = (AlarmName: string, Threshold = 1) => ({
  Type: 'AWS::CloudWatch::Alarm',
  Properties: { AlarmName, Threshold },
})

/** An account with its stacks, deployed one at a time. */
function open() {
  const account = new Templates()
  const cloudFormation = new CloudFormation(account.aws)
  account.aws.register(cloudFormation)
  const client = new CloudFormationClient(sdkConfiguration(account.aws, PERSON))
  const deploy = (name: string, template: Template, importing = false) =>
    cloudFormation.deploy({ name, template, tags: {}, parameters: {} }, { importing })
  const status = async (StackName: string) =>
    (await client.send(new DescribeStacksCommand({ StackName }))).Stacks?.[0]?.StackStatus
  const remove = (StackName: string) => client.send(new DeleteStackCommand({ StackName }))
  const tables = async () =>
    (await account.call<{ TableNames: string[] }>('dynamodb', 'ListTables', {})).TableNames
  const failAt = (logicalId: string) => {
    cloudFormation.beforeEach = (_, id) => {
      if (id === logicalId) throw new Error('no')
    }
  }
  return { account, cloudFormation, client, deploy, status, remove, tables, failAt }
}

describe('a stack that fails while it is first made', () => {
  it('is ROLLBACK_COMPLETE with the template it should have had, and takes no update', async () => {
    const { deploy, status, failAt, client, tables } = open()
    failAt('Two')
    const template = { Resources: { One: table('one'), Two: table('two') } }
    await expect(deploy('Stack', template)).rejects.toThrow('Two')
    expect(await status('Stack')).toBe('ROLLBACK_COMPLETE')
    expect(await tables()).toEqual([])
    const { TemplateBody = '' } = await client.send(new GetTemplateCommand({ StackName: 'Stack' }))
    expect(JSON.parse(TemplateBody)).toEqual(template)
    await expect(deploy('Stack', template)).rejects.toThrow(
      'is in ROLLBACK_COMPLETE state and can not be updated',
    )
  })

  it('keeps what is retained, and not what is retained except on create', async () => {
    const { deploy, failAt, tables, remove } = open()
    failAt('Last')
    const template = {
      Resources: {
        Kept: table('kept', { DeletionPolicy: 'Retain' }),
        Gone: table('gone', { DeletionPolicy: 'RetainExceptOnCreate' }),
        Last: alarm('last'),
      },
    } as Template
    await expect(deploy('Stack', template)).rejects.toThrow('Last')
    expect(await tables()).toEqual(['kept'])
    failAt('')
    await remove('Stack')
    await expect(deploy('Stack', template)).rejects.toThrow('kept already exists')
    await remove('Stack')
    await deploy('Stack', template, true)
    expect(await tables()).toEqual(['gone', 'kept'])
  })
})

describe('an update that fails', () => {
  it('is taken back: what was changed, what was made, what was replaced', async () => {
    const { deploy, status, failAt, account, client } = open()
    const before = { Resources: { A: alarm('a', 1), B: alarm('b', 1), C: alarm('c', 1) } }
    await deploy('Stack', before)
    failAt('C')
    account.calls.splice(0)
    const after = {
      Resources: { A: alarm('a', 2), B: alarm('other', 1), New: alarm('new'), C: alarm('c', 2) },
    }
    await expect(deploy('Stack', after)).rejects.toThrow('no')
    expect(await status('Stack')).toBe('UPDATE_ROLLBACK_COMPLETE')
    const { TemplateBody = '' } = await client.send(new GetTemplateCommand({ StackName: 'Stack' }))
    expect(JSON.parse(TemplateBody)).toEqual(before)
    const puts = account.inputs('cloudwatch', 'PutMetricAlarm')
    expect(puts.map(({ AlarmName, Threshold }) => [AlarmName, Threshold])).toEqual([
      ['a', 2],
      ['other', 1],
      ['new', 1],
      ['a', 1],
    ])
    expect(account.inputs('cloudwatch', 'DeleteAlarms')).toEqual([
      { AlarmNames: ['new'] },
      { AlarmNames: ['other'] },
    ])
    failAt('')
    await deploy('Stack', after)
    expect(await status('Stack')).toBe('UPDATE_COMPLETE')
  })
})

describe('what CloudFormation refuses', () => {
  const exporting = (value?: string): Template => ({
    Resources: { Table: table() },
    Outputs: value === undefined ? {} : { Out: { Value: value, Export: { Name: 'out' } } },
  })
  const importing: Template = {
    Resources: { Alarm: alarm('a', { 'Fn::ImportValue': 'out' } as unknown as number) },
  }

  it('to take away or change an export that is in use, by an update or a deletion', async () => {
    const { deploy, status, remove } = open()
    await deploy('Exports', exporting('1'))
    await deploy('Imports', importing)
    await expect(deploy('Exports', exporting())).rejects.toThrow(
      'Cannot delete export out as it is in use by Imports',
    )
    await expect(deploy('Exports', exporting('2'))).rejects.toThrow(
      'Cannot update export out as it is in use by Imports',
    )
    await remove('Exports')
    expect(await status('Exports')).toBe('DELETE_FAILED')
  })

  it('a second resource of a name, also in place of the first', async () => {
    const { deploy } = open()
    await deploy('One', { Resources: { Alarm: alarm('a') } })
    await expect(deploy('Two', { Resources: { Alarm: alarm('a') } })).rejects.toThrow(
      'a already exists in stack One',
    )
    const changed = table('one-table')
    changed.Properties.KeySchema = [{ AttributeName: 'pk', KeyType: 'RANGE' }]
    await deploy('Table', { Resources: { Table: table('one-table') } })
    await expect(deploy('Table', { Resources: { Table: changed } })).rejects.toThrow(
      'one-table already exists in stack Table',
    )
  })

  it('nothing after everything was deleted', async () => {
    const { deploy, remove, status } = open()
    for (const _ of ['once', 'again']) {
      await deploy('One', { Resources: { Alarm: alarm('a') } })
      await remove('One')
      await expect(status('One')).rejects.toThrow('Stack with id One does not exist')
    }
  })
})

it('answers every character that is not ASCII as a question mark', async () => {
  const { deploy, client } = open()
  await deploy('Stack', { Resources: { A: alarm('Grüße … 🚀') } })
  const { TemplateBody } = await client.send(new GetTemplateCommand({ StackName: 'Stack' }))
  expect(TemplateBody).toContain('Gr??e ? ?"')
})

it('goes on with a stack whose command was ended', async () => {
  const { cloudFormation, status } = open()
  const template = { Resources: { A: alarm('a') } }
  cloudFormation.start({ name: 'Stack', template, tags: {}, parameters: {} })
  expect(await status('Stack')).toBe('CREATE_IN_PROGRESS')
  await cloudFormation.settle()
  expect(await status('Stack')).toBe('CREATE_COMPLETE')
})

it('makes no cluster the first time in an account without the role of ECS', async () => {
  const { account, deploy, remove } = open()
  const iam = new Iam(account.aws)
  account.aws.register(iam)
  iam.serviceLinkedRoles.forget()
  const template = { Resources: { Cluster: { Type: 'AWS::ECS::Cluster', Properties: {} } } }
  await expect(deploy('Stack', template)).rejects.toThrow(
    'Unable to assume the service linked role',
  )
  await remove('Stack')
  await deploy('Stack', template)
})

test('what makes another resource is what CloudFormation’s own schema says', () => {
  const missing = simulatedTypes().flatMap(({ type, standIn, properties }) => {
    const { replacedBy = [] } = resourceType(type)
    if (standIn !== undefined || replacedBy === 'anything') return []
    const causes = propertiesOf(type)
    return properties
      .filter((property) => causes[property] === 'yes' && !replacedBy.includes(property))
      .map((property) => `${type} ${property}`)
  })
  expect(missing).toEqual([])
})

test('names that are taken are known by the property that CloudFormation’s own schema has', () => {
  for (const [type, property] of Object.entries(NAMED_BY)) {
    const [name = '', inner] = property.split('.')
    expect(Object.keys(propertiesOf(type)), type).toContain(name)
    // A name inside a structure is not in the schema of the resource itself.
    if (inner === undefined) expect(propertiesOf(type)[name], type).toBe('yes')
  }
})
