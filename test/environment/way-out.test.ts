import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, test } from 'vitest'
import { templatesOf } from '../../local/simulation/synth.ts'
import { catalogWith } from '../kits/catalog.ts'
import { ofType, only, tagsOf, template } from '../kits/synth.ts'
import { temporaryDirectory } from '../kits/temporary.ts'

const GIVEN = [
  "GROUP='dev-way-out'",
  "HOOK='routes'",
  "REGION='eu-central-1'",
  "ROUTE_TABLES='rtb-1 rtb-2'",
  "PROBE='api.ecr.eu-central-1.amazonaws.com'",
]

/** What the script calls; `nft` reads its rules, so that what is said to it is complete. */
const COMMANDS = [
  ...['aws', 'chmod', 'curl', 'dd', 'dnf', 'getent', 'install', 'ip', 'mkswap', 'nft', 'sleep'],
  ...['swapon', 'sysctl', 'systemctl', 'systemd-run'],
]

/** Notes how it was called, fails where FAILS says so, and answers what the script reads. */
const STAND_IN = String.raw`#!/bin/bash
line="$(basename "$0") $*"
printf '%s\n' "$line" >> "$CALLS"
if [ -n "$FAILS" ] && [[ "$line" =~ $FAILS ]]; then exit 1; fi
case "$line" in
  *meta-data/instance-id*) echo i-1 ;;
  *api/token*) echo token ;;
  getent*) echo '192.0.2.9 STREAM api.ecr' ;;
  'ip -4 route show default') echo 'default via 10.20.0.1 dev ens5 proto dhcp' ;;
  nft*) cat >> "$CALLS" ;;
esac
`

/** Runs the script where each command that changes anything is a stand-in. @returns the calls. */
function play(fails = ''): string[] {
  const directory = temporaryDirectory()
  const commands = join(directory, 'commands')
  mkdirSync(commands)
  for (const name of COMMANDS) {
    writeFileSync(join(commands, name), STAND_IN)
    chmodSync(join(commands, name), 0o755)
  }
  const calls = join(directory, 'calls')
  writeFileSync(calls, '')
  const script = join(directory, 'script.sh')
  const text = readFileSync('infra/environment/network/way-out.sh', 'utf8')
  writeFileSync(script, [...GIVEN, text].join('\n'))
  const env = { PATH: `${commands}:/usr/bin:/bin`, CALLS: calls, FAILS: fails }
  spawnSync('bash', [script], { env })
  return readFileSync(calls, 'utf8').split('\n').filter(Boolean)
}

const ofAws = (calls: readonly string[]) =>
  calls.filter((call) => call.startsWith('aws ')).map((call) => call.slice('aws '.length))

const complete = (result: string) =>
  `autoscaling complete-lifecycle-action --auto-scaling-group-name dev-way-out --lifecycle-hook-name routes --instance-id i-1 --lifecycle-action-result ${result}`
const route = (verb: string, table: string) =>
  `ec2 ${verb}-route --route-table-id ${table} --destination-cidr-block 0.0.0.0/0 --instance-id i-1`
const CHECK = 'ec2 modify-instance-attribute --instance-id i-1 --no-source-dest-check'

describe('the script of the NAT instance', () => {
  it('forwards, asks from inside, takes the routes, and says that it is in service', () => {
    const calls = play()
    expect(ofAws(calls)).toEqual([
      CHECK,
      route('replace', 'rtb-1'),
      route('replace', 'rtb-2'),
      complete('CONTINUE'),
    ])
    expect(calls).toContain('sysctl --quiet --write net.ipv4.ip_forward=1')
    expect(calls.map((call) => call.trim())).toContain('oifname "ens5" masquerade')
    const asked = calls.findIndex((call) => call.startsWith('ip netns exec probe curl'))
    expect(calls[asked]).toMatch(/--resolve api\.ecr\S+:443:192\.0\.2\.9 https:\/\/api\.ecr/)
    expect(asked).toBeLessThan(calls.indexOf(`aws ${route('replace', 'rtb-1')}`))
  })

  it('makes a route where there is none, and each again every minute', () => {
    const calls = play('replace-route --route-table-id rtb-1')
    expect(ofAws(calls)).toEqual([
      CHECK,
      route('replace', 'rtb-1'),
      route('create', 'rtb-1'),
      route('replace', 'rtb-2'),
      complete('CONTINUE'),
    ])
    const kept = calls.find((call) => call.startsWith('systemd-run'))
    expect(kept).toContain('--on-calendar=minutely')
    expect(kept?.match(/create-route --region eu-central-1 --route-table-id rtb-\d/g)).toEqual([
      'create-route --region eu-central-1 --route-table-id rtb-1',
      'create-route --region eu-central-1 --route-table-id rtb-2',
    ])
  })

  test.each([
    ['nothing answers', 'exec probe curl', 0],
    ['there is no nft', '^dnf', 0],
    ['it may not change its check', 'modify-instance-attribute', 0],
    ['it may take no route', '(replace|create)-route .*rtb-2', 1],
    ['it cannot keep its routes', '^systemd-run', 2],
  ])('gives up when %s', (_, fails, taken) => {
    const aws = ofAws(play(fails))
    expect(aws.at(-1)).toBe(complete('ABANDON'))
    expect(aws).not.toContain(complete('CONTINUE'))
    const tables = aws
      .filter((call) => call.includes('replace-route'))
      .map((call) => call.slice(0, 45))
    expect(new Set(tables).size).toBe(taken === 1 ? 2 : taken)
  })
})

describe('the template with nat: instance', () => {
  const yaml = readFileSync('catalog/environment.yaml', 'utf8')
  const environment = template(
    'DevEnvironment',
    templatesOf(catalogWith({ 'environment.yaml': `${yaml}\nnat: instance\n` }), {
      isValidated: true,
    }),
  )

  it('has no gateway, and no route that the instance sets', async () => {
    expect(ofType(await environment, 'AWS::EC2::NatGateway')).toEqual([])
    expect(ofType(await environment, 'AWS::EC2::EIP')).toEqual([])
    const routes = ofType(await environment, 'AWS::EC2::Route').map(([id]) => id)
    expect(routes).toHaveLength(2)
    for (const id of routes) expect(id).toContain('publicSubnet')
  })

  it('has private route tables of its own; to those of a gateway subnets move once they lead out', async () => {
    const gateway = await template('DevEnvironment')
    const [before, after] = [gateway, await environment].map((one) =>
      ofType(one, 'AWS::EC2::RouteTable').flatMap(([id]) => (/private/i.test(id) ? [id] : [])),
    )
    expect(after).toEqual(before?.map((id) => `${id}OfInstance`))
    for (const [id] of ofType(gateway, 'AWS::EC2::Route').filter(([id]) => /private/i.test(id))) {
      const moves = Object.entries(gateway.Resources).filter(
        ([, { Type, DependsOn = [] }]) =>
          Type === 'AWS::EC2::SubnetRouteTableAssociation' && DependsOn.includes(id),
      )
      expect(moves).toHaveLength(1)
    }
  })

  it('keeps the root of every instance encrypted, and their metadata to who asks twice', async () => {
    const encrypted = [
      expect.objectContaining({ Ebs: expect.objectContaining({ Encrypted: true }) }),
    ]
    const { LaunchTemplateData } = only(await environment, 'AWS::EC2::LaunchTemplate')
    expect(LaunchTemplateData).toMatchObject({
      BlockDeviceMappings: encrypted,
      MetadataOptions: { HttpTokens: 'required' },
    })
    expect(LaunchTemplateData).not.toHaveProperty('KeyName')
    expect(only(await environment, 'AWS::EC2::Instance').BlockDeviceMappings).toEqual(encrypted)
  })

  it('ends a launch that has not said in time that it routes, and launches again', async () => {
    const group = only(await environment, 'AWS::AutoScaling::AutoScalingGroup')
    expect(group).toMatchObject({ MinSize: '1', MaxSize: '1' })
    expect(group.LifecycleHookSpecificationList).toEqual([
      expect.objectContaining({ DefaultResult: 'ABANDON', HeartbeatTimeout: 300 }),
    ])
    expect(tagsOf(group)).toMatchObject({
      'caretaker:schedule': 'when-needed',
      'caretaker:order': '0',
      'caretaker:way-out': 'true',
      'caretaker:owner': 'platform',
    })
  })
})
