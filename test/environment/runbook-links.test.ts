import { App, Stack } from 'aws-cdk-lib'
import { Metric } from 'aws-cdk-lib/aws-cloudwatch'
import { expect, test } from 'vitest'
import { runbookAlarm } from '../../infra/alarm.ts'
import { nameEnvironment, readRunbooksAt } from '../../infra/names.ts'
import { only, type Template } from '../kits/synth.ts'
import { temporaryDirectory } from '../kits/temporary.ts'

const PATH = 'docs/runbooks/service-errors.md (npx caretaker runbook dev-orders-errors)'

test.each([
  [
    'the address where they are read',
    'https://docs.example.com/runbooks/',
    'https://docs.example.com/runbooks/service-errors.md',
  ],
  ['their path, and the command that prints one', undefined, PATH],
])('an alarm’s description leads to its runbook by %s', (_, url, where) => {
  const app = new App({ outdir: temporaryDirectory() })
  nameEnvironment(app, 'dev')
  readRunbooksAt(app, url)
  const stack = new Stack(app, 'Service')
  const metric = new Metric({ namespace: 'a', metricName: 'b' })
  const meaning = 'It answers with errors.'
  runbookAlarm(stack, 'service-errors', {
    ...{ name: 'orders-errors', metric, meaning, threshold: 1, missing: 'fine' },
  })
  const template = app.synth().getStackByName('Service').template as Template
  expect(only(template, 'AWS::CloudWatch::Alarm')).toMatchObject({
    AlarmDescription: `${meaning} What to do: ${where}`,
  })
})
