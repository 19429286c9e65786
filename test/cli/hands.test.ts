import type { DescribeTasksResponse } from '@aws-sdk/client-ecs'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { placeOf } from '../../cli/asking/place.ts'
import { connectWords } from '../../cli/hands/connect.ts'
import { execWords } from '../../cli/hands/shell.ts'
import { ownTerminal } from '../../cli/terminal.ts'
import { Desk } from '../kits/desk.ts'

/** bob has a developer's rights, and no others. */
let desk: Desk
beforeAll(async () => {
  desk = await Desk.open()
  desk.stage.push()
  desk.stage.push(undefined, 'payments')
  desk.stage.push(undefined, 'nightly-report')
  await desk.stage.minutes(10)
})
afterAll(() => desk.close())
beforeEach(() => {
  desk.ran.length = 0
})

const bob = (words: string) => desk.types(words, 'bob')
const placeOfBob = () =>
  placeOf({ endpointUrl: desk.url, as: 'bob@example.com', catalog: 'catalog' }, ownTerminal())

describe('secret set', () => {
  const secretOf = async (id: string) =>
    (await desk.stage.call('secrets-manager', 'GetSecretValue', { SecretId: id })).SecretString

  test('takes what is typed unseen, says nothing of it, and replaces the tasks when asked to', async () => {
    desk.hidden = 'sk_live_1'
    const put = await bob('secret set payments PROVIDER_KEY')
    expect(put).toMatchObject({ code: 0, told: '' })
    expect(put.out).toBe(
      'Done: dev/payments/PROVIDER_KEY has a new value. Tasks read it when they start: with --restart they are replaced now.',
    )
    expect(await secretOf('dev/payments/PROVIDER_KEY')).toBe('sk_live_1')
    desk.hidden = 'sk_live_2'
    const restarted = await bob('secret set payments PROVIDER_KEY --restart')
    expect(restarted.out).toMatch(/has a new value, and the tasks of payments are replaced\.$/)
    expect(await secretOf('dev/payments/PROVIDER_KEY')).toBe('sk_live_2')
    await desk.stage.minutes(10)
    expect(await desk.stage.service('payments')).toMatchObject({ healthy: true })
  })

  test.each([
    ['secret set payments PROVIDR_KEY', /^The secret of payments: .* Did you mean PROVIDER_KEY\?$/],
    ['secret set paymnts PROVIDER_KEY', /^The service: found "paymnts".* Did you mean payments\?$/],
  ])('%s: 2, and nothing is put', async (words, told) => {
    const before = desk.stage.simulation.aws.calls.length
    const { code, told: said } = await bob(words)
    expect(code).toBe(2)
    expect(said).toMatch(told)
    expect(desk.stage.simulation.aws.calls.length).toBe(before)
  })

  test('nothing typed is no value', async () => {
    desk.hidden = ''
    expect((await bob('secret set payments PROVIDER_KEY')).told).toMatch(/: found nothing, allowed/)
  })
})

test('job run: the job starts as by its schedule, and says where its log is', async () => {
  const { code, out, told: problem } = await bob('job run nightly-report')
  expect({ code, problem }).toEqual({ code: 0, problem: '' })
  expect(out).toMatch(
    /^Started: nightly-report, task \w{32}\. Its log: `aws logs tail \/dev-nightly-report --follow`$/,
  )
  const wrong = await bob('job run orders')
  expect(wrong.told).toBe('The job: found "orders", allowed: nightly-report.')
})

describe('job run with a command of its own', () => {
  const place = () => ['--endpoint-url', desk.url, '--as', 'bob@example.com']
  const runs = (...words: string[]) =>
    desk.runs(['job', 'run', 'nightly-report', ...place(), '--', ...words])

  test('this run alone has the words, in the job’s own container', async () => {
    const { code, out } = await runs('report', '--from', '2026-01-01', 'two words')
    expect(code).toBe(0)
    expect(out).toContain(
      'Started: nightly-report with ["report","--from","2026-01-01","two words"], task ',
    )
    const task = /task (\w{32})/.exec(out)?.[1]
    const ask = { cluster: 'dev-backend', tasks: [task] }
    const told = await desk.stage.call<DescribeTasksResponse>('ecs', 'DescribeTasks', ask)
    expect(told.tasks?.[0]?.overrides?.containerOverrides).toMatchObject([
      { name: 'nightly-report', command: ['report', '--from', '2026-01-01', 'two words'] },
    ])
    const asScheduled = await bob('job run nightly-report --json')
    expect(JSON.parse(asScheduled.out)).not.toHaveProperty('command')
  })

  test('more than ECS takes is refused before anything is called', async () => {
    const before = desk.stage.simulation.aws.calls.length
    const { code, told } = await runs('x'.repeat(8192))
    expect(code).toBe(2)
    expect(told).toMatch(
      /^The words behind --: found \d+ characters as ECS counts them, allowed: 8192\./,
    )
    expect(desk.stage.simulation.aws.calls.length).toBe(before)
  })
})

describe('exec', () => {
  test('a task of the service is found, and the AWS CLI opens the shell', async () => {
    const orders = { service: 'orders', cluster: 'backend' }
    const words = await execWords(await placeOfBob(), orders, [])
    expect(words.join(' ')).toMatch(
      /^ecs execute-command --region eu-central-1 --cluster dev-backend --task arn:aws:ecs:\S+ --container orders --interactive --command sh$/,
    )
    const env = await execWords(await placeOfBob(), orders, ['printenv', 'HOME'])
    expect(env.at(-1)).toBe('printenv HOME')
    const web = execWords(await placeOfBob(), { service: 'web', cluster: 'frontend' }, [])
    await expect(web).rejects.toThrow(/^No task of web runs: `npx caretaker why web` says why/)
  })

  test('the simulation has no shell to open', async () => {
    const { code, told } = await bob('exec orders')
    expect(code).toBe(2)
    expect(told).toContain('runs no real containers or machines, so there is no shell to open.')
    expect(desk.ran).toEqual([])
  })

  test.each([
    [[], 'This needs the AWS CLI'],
    [['aws'], "This needs AWS's session-manager-plugin: https://docs.aws.amazon.com/"],
  ])(
    'on AWS with the programs %j: says what is missing, and asks nothing',
    async (programs, told) => {
      desk.programs = programs
      const { code, told: said } = await desk.runs(['exec', 'orders', '--aws'])
      expect({ code, said }).toEqual({ code: 2, said: expect.stringContaining(told) })
      expect((await desk.runs(['connect', '--aws'])).told).toContain(told)
    },
  )
})

describe('connect', () => {
  const start =
    /^ssm start-session --region eu-central-1 --target i-\w+ --document-name AWS-StartPortForwardingSessionToRemoteHost --parameters /

  test('the bastion is stopped: how to start it', async () => {
    const [bastion] = await bastions()
    await desk.stage.call('ec2', 'StopInstances', { InstanceIds: [bastion] })
    await desk.stage.minutes(3)
    await expect(connectWords(await placeOfBob(), 'cache', undefined)).rejects.toThrow(
      `The bastion dev-bastion is stopped. Start it: aws ec2 start-instances --instance-ids ${bastion};`,
    )
    await desk.stage.call('ec2', 'StartInstances', { InstanceIds: [bastion] })
    await desk.stage.minutes(3)
  })

  test('forwards to the server of a service, to the shared one and to the cache', async () => {
    for (const [named, words] of [
      ['database', /host=dev-database\.\S+,portNumber=5432,localPortNumber=5432$/],
      ['payments', /host=dev-payments-database\.\S+,portNumber=5432,localPortNumber=5432$/],
      ['cache', /host=\S+,portNumber=6379,localPortNumber=6379$/],
    ] as const) {
      const { words: said } = await connectWords(await placeOfBob(), named, undefined)
      expect(said.join(' ')).toMatch(start)
      expect(said.join(' ')).toMatch(words)
    }
    const { words, port } = await connectWords(await placeOfBob(), 'cache', 6380)
    expect({ port, last: words.at(-1) }).toMatchObject({
      ...{ port: 6380, last: expect.stringMatching(/,localPortNumber=6380$/) },
    })
  })

  test('a database that is not there, or sleeps', async () => {
    const wrong = await bob('connect orders')
    expect(wrong).toMatchObject({ code: 2 })
    expect(wrong.told).toMatch(/^The database: found "orders", allowed: database, cache, payments/)
    await desk.stage.call('rds', 'StopDBInstance', { DBInstanceIdentifier: 'dev-database' })
    await desk.stage.minutes(30)
    await expect(connectWords(await placeOfBob(), 'database', undefined)).rejects.toThrow(
      /^The database dev-database is stopped: `npx caretaker wake`/,
    )
  })
})

const bastions = async (): Promise<string[]> => {
  const { Reservations } = await desk.stage.call<{
    Reservations: { Instances: { InstanceId: string }[] }[]
  }>('ec2', 'DescribeInstances', {
    Filters: [{ Name: 'tag:Name', Values: ['dev-bastion'] }],
  })
  return Reservations.flatMap(({ Instances }) => Instances).map(({ InstanceId }) => InstanceId)
}
