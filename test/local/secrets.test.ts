import { describe, expect, it, test } from 'vitest'
import { SecretsManager } from '../../local/aws/secrets-manager/secrets-manager.ts'
import { Account } from '../kits/account.ts'

const DAY = 86_400_000

function opened() {
  const account = new Account([SecretsManager])
  const call = <Output = Record<string, unknown>>(operation: string, input: object = {}) =>
    account.call<Output>('secrets-manager', operation, input)
  const value = async (more: object = {}) =>
    (await call('GetSecretValue', { SecretId: 'slack', ...more })).SecretString
  return { world: account.world, call, value }
}

describe('a secret', () => {
  it('has no value until it is given one', async () => {
    const { call, value } = opened()
    const { ARN } = await call('CreateSecret', { Name: 'slack' })
    expect(ARN).toMatch(
      /^arn:aws:secretsmanager:eu-central-1:123456789012:secret:slack-[A-Za-z0-9]{6}$/,
    )
    await expect(value()).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message:
        "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT",
    })
    await call('PutSecretValue', { SecretId: ARN, SecretString: 'xoxb-1' })
    expect(await value()).toBe('xoxb-1')
    expect(await value({ SecretId: String(ARN).slice(0, -7) })).toBe('xoxb-1')
  })

  it('is generated as CloudFormation does', async () => {
    const { call, value } = opened()
    await call('CreateSecret', { Name: 'slack', GenerateSecretString: {} })
    expect(await value()).toHaveLength(32)
    await call('CreateSecret', {
      Name: 'database',
      GenerateSecretString: {
        SecretStringTemplate: '{"username":"admin"}',
        GenerateStringKey: 'password',
        PasswordLength: 20,
        ExcludePunctuation: true,
      },
    })
    const database = JSON.parse(String(await value({ SecretId: 'database' })))
    expect(database).toEqual({
      username: 'admin',
      password: expect.stringMatching(/^[A-Za-z0-9]{20}$/),
    })
  })

  it('keeps the previous value beside the current one', async () => {
    const { call, value } = opened()
    const first = await call('CreateSecret', { Name: 'slack', SecretString: 'one' })
    await call('PutSecretValue', { SecretId: 'slack', SecretString: 'two' })
    expect(await value()).toBe('two')
    expect(await value({ VersionStage: 'AWSPREVIOUS' })).toBe('one')
    expect(await value({ VersionId: first.VersionId })).toBe('one')
    await call('UpdateSecret', { SecretId: 'slack', SecretString: 'three' })
    expect(await value({ VersionStage: 'AWSPREVIOUS' })).toBe('two')
    await expect(value({ VersionId: first.VersionId })).rejects.toThrow(
      `for VersionId: ${first.VersionId}`,
    )
    const { Versions } = await call<{ Versions: object[] }>('ListSecretVersionIds', {
      SecretId: 'slack',
    })
    expect(Versions).toMatchObject([
      { VersionStages: ['AWSPREVIOUS'] },
      { VersionStages: ['AWSCURRENT'] },
    ])
  })

  it('takes the same token for the same value only', async () => {
    const { call } = opened()
    const ONCE = 'once-and-for-all-times-to-come-0'
    await call('CreateSecret', { Name: 'slack' })
    const put = (SecretString: string) =>
      call('PutSecretValue', { SecretId: 'slack', SecretString, ClientRequestToken: ONCE })
    expect(await put('a')).toEqual(await put('a'))
    await expect(put('b')).rejects.toThrow(`You can't use ClientRequestToken ${ONCE}`)
  })

  it('can be restored until its window is over', async () => {
    const { world, call, value } = opened()
    await call('CreateSecret', { Name: 'slack', SecretString: 'one' })
    await call('DeleteSecret', { SecretId: 'slack', RecoveryWindowInDays: 7 })
    await expect(value()).rejects.toThrow('marked for deletion')
    await expect(call('CreateSecret', { Name: 'slack' })).rejects.toThrow('scheduled for deletion')
    expect(await call('ListSecrets')).toEqual({ SecretList: [] })
    await world.run(6 * DAY)
    await call('RestoreSecret', { SecretId: 'slack' })
    await world.run(2 * DAY)
    expect(await value()).toBe('one')
    await call('DeleteSecret', { SecretId: 'slack', ForceDeleteWithoutRecovery: true })
    await expect(value()).rejects.toThrow("can't find the specified secret.")
  })
})

test('a secret is described without its value', async () => {
  const { call } = opened()
  await call('CreateSecret', {
    Name: 'slack',
    Description: 'bot token',
    SecretString: 'one',
    Tags: [{ Key: 'team', Value: 'blue' }],
  })
  const secret = await call('DescribeSecret', { SecretId: 'slack' })
  expect(secret).toMatchObject({
    Name: 'slack',
    Description: 'bot token',
    Tags: [{ Key: 'team', Value: 'blue' }],
  })
  expect(Object.values(secret.VersionIdsToStages as object)).toEqual([['AWSCURRENT']])
  expect(JSON.stringify(secret)).not.toContain('one')
})

test('a password has each kind of character that it may', async () => {
  const { call } = opened()
  const { RandomPassword } = await call('GetRandomPassword', { PasswordLength: 4 })
  for (const kind of [/[a-z]/, /[A-Z]/, /[0-9]/, /[^a-zA-Z0-9]/]) {
    expect(RandomPassword).toMatch(kind)
  }
  await expect(call('GetRandomPassword', { PasswordLength: 3 })).rejects.toThrow('too short')
})
