import type { DescribeDBInstancesCommandOutput } from '@aws-sdk/client-rds'
import { beforeAll, expect, it } from 'vitest'
import { templatesOf } from '../../local/simulation/synth.ts'
import { catalogOf } from '../kits/catalog.ts'
import { Stage } from '../kits/roll-outs.ts'
import { only, template } from '../kits/synth.ts'

const FILES = {
  'services/shop.yaml':
    'team: ordering\ndatabase: { on: own, version: 16, size: small, storage: 80 }\n',
  'services/plain.yaml': 'team: ordering\ndatabase: own\n',
}

let assembly: string
beforeAll(async () => {
  assembly = await templatesOf(catalogOf(FILES), { isValidated: true })
})
const serverOf = async (name: string) =>
  only(await template(`DevService-${name}`, Promise.resolve(assembly)), 'AWS::RDS::DBInstance')

it('a service’s own server has the version, the size and the disk that its file says', async () => {
  expect(await serverOf('shop')).toMatchObject({
    EngineVersion: '16',
    DBInstanceClass: 'db.t4g.small',
    AllocatedStorage: '80',
    MaxAllocatedStorage: 160,
    AllowMajorVersionUpgrade: true,
  })
  const parameters = only(
    await template('DevService-shop', Promise.resolve(assembly)),
    'AWS::RDS::DBParameterGroup',
  )
  expect(parameters).toMatchObject({ Family: 'postgres16', Parameters: { 'rds.force_ssl': '1' } })
})

it('one of which its file says nothing is as it was', async () => {
  const plain = await serverOf('plain')
  expect(plain).toMatchObject({
    EngineVersion: '17',
    DBInstanceClass: 'db.t4g.micro',
    AllocatedStorage: '20',
    MaxAllocatedStorage: 100,
  })
  expect(plain).not.toHaveProperty('AllowMajorVersionUpgrade')
})

it('it runs, its database is prepared, and the service is rolled out', async () => {
  const stage = await Stage.open({ assembly })
  const { DBInstances = [] } = await stage.call<DescribeDBInstancesCommandOutput>(
    'rds',
    'DescribeDBInstances',
    { DBInstanceIdentifier: 'dev-shop-database' },
  )
  expect(DBInstances).toMatchObject([
    { DBInstanceStatus: 'available', DBInstanceClass: 'db.t4g.small', AllocatedStorage: 80 },
  ])
  expect(DBInstances[0]?.EngineVersion).toMatch(/^16/)
  const { journal } = stage.simulation.eventbridge
  const told = journal.filter(({ rules }) => rules.includes('dev-shop-database'))
  expect(told).toMatchObject([{ deliveries: [{ outcome: 'delivered' }] }])
  stage.push(undefined, 'shop')
  await stage.minutes(15)
  expect(await stage.service('shop')).toMatchObject({ healthy: true })
})
