import { describe, expect, it, test } from 'vitest'
import { identityOf } from '../../local/aws/sts/identity.ts'
import { Account } from '../kits/account.ts'
import { Entrances } from '../kits/entrances.ts'

const ACCOUNT = '123456789012'
const assume = (account: Entrances, RoleArn: string, more: object = {}, caller = {}) =>
  account.call<Record<string, Record<string, unknown>>>(
    'sts',
    'AssumeRole',
    { RoleArn, RoleSessionName: 'anna', ...more },
    { kind: 'person', name: 'anna', ...caller },
  )

describe('a person takes a role on', () => {
  it('and is then called by the session’s name', async () => {
    const account = new Entrances()
    const role = await account.role('developer', [])
    const { Credentials, AssumedRoleUser } = await assume(account, role)
    expect(Credentials).toEqual({
      AccessKeyId: expect.stringMatching(/^ASIA[0-9A-F]{16}$/),
      SecretAccessKey: expect.stringMatching(/^[0-9a-f]{40}$/),
      SessionToken: expect.any(String),
      Expiration: new Date('2026-03-02T10:00:00Z'),
    })
    const arn = `arn:aws:sts::${ACCOUNT}:assumed-role/developer/anna`
    expect(AssumedRoleUser?.Arn).toBe(arn)
    const { caller } = account.sts.sessions.holder(String(Credentials?.AccessKeyId))
    expect(await account.call('sts', 'GetCallerIdentity', {}, caller)).toEqual({
      Account: ACCOUNT,
      Arn: arn,
      UserId: AssumedRoleUser?.AssumedRoleId,
    })
    // What the role does not allow, its session may not.
    await expect(account.call('sqs', 'ListQueues', {}, caller)).rejects.toThrow('not authorized')
  })

  test.each([
    ['that is not there', 'nobody', {}],
    ['that only a service may take on', 'orders', { Service: 'lambda.amazonaws.com' }],
    ['that another person may take on', 'cleo', { AWS: `arn:aws:iam::${ACCOUNT}:user/cleo` }],
  ])('not one %s', async (_, name, principal) => {
    const account = new Entrances()
    if (name !== 'nobody') await account.role(name, [], principal)
    const asked = assume(account, `arn:aws:iam::${ACCOUNT}:role/${name}`)
    await expect(asked).rejects.toThrow(
      `User: arn:aws:iam::${ACCOUNT}:user/anna is not authorized to perform: sts:AssumeRole`,
    )
  })

  it('with a second factor where the role asks for one', async () => {
    const account = new Entrances()
    const role = await account.role('developer', [])
    const PolicyDocument = JSON.stringify({
      Statement: {
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
        Action: 'sts:AssumeRole',
        Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
      },
    })
    await account.call('iam', 'UpdateAssumeRolePolicy', { RoleName: 'developer', PolicyDocument })
    await expect(assume(account, role)).rejects.toThrow('not authorized')
    const factor = { SerialNumber: `arn:aws:iam::${ACCOUNT}:mfa/anna`, TokenCode: '123456' }
    expect(await assume(account, role, factor)).toHaveProperty('Credentials')
  })

  test.each([
    ['a name that is too short', { RoleSessionName: 'a' }, 'roleSessionName'],
    ['longer than the role allows', { DurationSeconds: 3601 }, 'MaxSessionDuration'],
    ['shorter than a quarter of an hour', { DurationSeconds: 899 }, "'durationSeconds' failed"],
  ])('not with %s', async (_, more, message) => {
    const account = new Entrances()
    const role = await account.role('developer', [])
    await expect(assume(account, role, more)).rejects.toThrow(message)
  })

  it('a session may take on another role if its own lets it', async () => {
    const account = new Entrances()
    const operator = await account.role('operator', [])
    const session = { roleArn: await account.role('developer', []) }
    await expect(assume(account, operator, {}, session)).rejects.toThrow('sts:AssumeRole')
    const may = { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: operator }
    const lead = { roleArn: await account.role('lead', [may]) }
    expect(await assume(account, operator, {}, lead)).toHaveProperty('Credentials')
  })
})

test('a role that only its ARN tells of has an id of its own, which stays the same', () => {
  const roleArn = `arn:aws:iam::${ACCOUNT}:role/elsewhere`
  const who = () => identityOf(new Account().aws, { kind: 'function', name: 'orders', roleArn })
  expect(who()).toEqual({
    account: ACCOUNT,
    arn: `arn:aws:sts::${ACCOUNT}:assumed-role/elsewhere/orders`,
    userId: expect.stringMatching(/^AROA[A-Z0-9]{17}:orders$/),
  })
  expect(who()).toEqual(who())
})
