import { link, outside } from './markup.ts'
import type { Says } from './notice.ts'

/** The console's host, by partition. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
const CONSOLES: Record<string, string> = {
  'aws-cn': 'console.amazonaws.cn',
  'aws-us-gov': 'console.amazonaws-us-gov.com',
}

/** The console of a resource's own partition and Region, at this path; undefined without an ARN. */
function consoleAt(arn: string, path: (region: string) => string): string | undefined {
  const [, partition = '', , region = ''] = arn.split(':')
  if (region === '') return undefined
  const host = CONSOLES[partition] ?? 'console.aws.amazon.com'
  return `https://${region}.${host}/${path(region)}`
}

const linkTo = (url: string | undefined, words: string): string | undefined =>
  url === undefined ? undefined : link(url, words)

export const alarmAddress = (arn: string, name: string): string | undefined =>
  consoleAt(
    arn,
    (region) => `cloudwatch/home?region=${region}#alarmsV2:alarm/${encodeURIComponent(name)}`,
  )

export const alarmLink = (arn: string, name: string): string | undefined =>
  linkTo(alarmAddress(arn, name), 'alarm in AWS')

export const pipelineLink = (
  arn: string,
  name: string,
  execution: string,
  words = 'pipeline in AWS',
): string | undefined =>
  linkTo(
    consoleAt(
      arn,
      (region) =>
        `codesuite/codepipeline/pipelines/${encodeURIComponent(name)}/executions/${encodeURIComponent(execution)}/visualization?region=${region}`,
    ),
    words,
  )

export const executionAddress = (arn: string): string | undefined =>
  arn.includes(':execution:')
    ? consoleAt(
        arn,
        (region) =>
          `states/home?region=${region}#/v2/executions/details/${encodeURIComponent(arn)}`,
      )
    : undefined

export const executionLink = (arn: string): string | undefined =>
  linkTo(executionAddress(arn), 'execution in AWS')

/** A page of docs/runbooks/: where it is read, or its path in the repository. */
export function runbookLink(runbook: string, { runbooks }: Says): string {
  const name = outside(runbook.replace(/^docs\/runbooks\//, '').replace(/\.md$/, ''), 100)
  const path = `docs/runbooks/${name}.md`
  if (runbooks === undefined) return `runbook \`${path}\``
  return link(`${runbooks.replace(/\/$/, '')}/${name}.md`, `runbook ${name}`)
}
