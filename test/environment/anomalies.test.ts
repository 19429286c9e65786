import { readFileSync } from 'node:fs'
import { App, Stack } from 'aws-cdk-lib'
import { expect, it, test } from 'vitest'
import { readCatalog } from '../../catalog/read.ts'
import { budgets } from '../../infra/environment/observability/budgets.ts'
import { nameEnvironment } from '../../infra/names.ts'
import { catalogWith } from '../kits/catalog.ts'
import { ofType, only, type Template, tagsOf, template } from '../kits/synth.ts'
import { temporaryDirectory } from '../kits/temporary.ts'

const ARN = 'arn:aws:ce::123456789012:anomalymonitor/0a1b-2c3d'
const [MONITOR, SUBSCRIPTION] = ['AWS::CE::AnomalyMonitor', 'AWS::CE::AnomalySubscription']

type Statement = { Principal: { Service?: string }; Action: string; Condition: object }

/** Budgets and what they are told of, of the shipped catalog with these lines. */
function stackWith(lines: string): Template {
  const yaml = readFileSync('catalog/environment.yaml', 'utf8')
  const { environment } = readCatalog(catalogWith({ 'environment.yaml': `${yaml}\n${lines}` }))
  const app = new App({ outdir: temporaryDirectory() })
  nameEnvironment(app, 'dev')
  const stack = new Stack(app, 'Environment')
  budgets(stack, environment)
  return app.synth().getStackByName('Environment').template as Template
}

it('are nobody’s where the catalog says nothing', async () => {
  const stack = await template('DevEnvironment')
  expect([...ofType(stack, MONITOR), ...ofType(stack, SUBSCRIPTION)]).toEqual([])
  expect(JSON.stringify(ofType(stack, 'AWS::SNS::TopicPolicy'))).not.toContain('costalerts')
})

test.each<[string, object | undefined]>([
  [
    'owner',
    { MonitorDimension: 'TAG', MonitorSpecification: '{"Tags":{"Key":"caretaker:owner"}}' },
  ],
  ['service', { MonitorDimension: 'SERVICE' }],
  [ARN, undefined],
])(
  'found by %s are told to the topic at once, which AWS may tell for this account alone',
  (by, own) => {
    const stack = stackWith(`anomalies: { monitor: "${by}", above: 35.5 }\n`)
    const monitors = ofType(stack, MONITOR)
    expect(monitors.map(([, { Properties }]) => Properties)).toEqual(
      own === undefined ? [] : [expect.objectContaining({ MonitorType: 'DIMENSIONAL', ...own })],
    )
    const [id] = monitors[0] ?? []
    const subscription = only(stack, SUBSCRIPTION)
    expect(subscription).toMatchObject({
      Frequency: 'IMMEDIATE',
      MonitorArnList: [id === undefined ? ARN : { 'Fn::GetAtt': [id, 'MonitorArn'] }],
      Subscribers: [{ Type: 'SNS' }],
      ThresholdExpression: expect.stringContaining('"Values":["35.5"]'),
    })
    expect(tagsOf(subscription)).toEqual({
      ...{ 'caretaker:environment': 'dev', 'caretaker:owner': 'platform' },
    })
    const [[policy, { Properties }] = expect.unreachable()] = ofType(stack, 'AWS::SNS::TopicPolicy')
    const { Statement } = (Properties as { PolicyDocument: { Statement: Statement[] } })
      .PolicyDocument
    const may = Statement.filter(
      ({ Principal }) => Principal.Service === 'costalerts.amazonaws.com',
    )
    expect(may).toMatchObject([
      {
        Action: 'sns:Publish',
        Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
      },
    ])
    // Where AWS may not tell it yet, it is not asked to.
    expect(ofType(stack, SUBSCRIPTION)[0]?.[1].DependsOn).toContain(policy)
  },
)
