import type { InputTransformer } from '@aws-sdk/client-eventbridge'
import { AwsError } from '../errors.ts'
import { isJson } from '../target-settings.ts'
import { validation } from './model.ts'

/** What a target is given: exactly one of the three, or the event itself. */
type InputOptions = {
  Input?: string | undefined
  InputPath?: string | undefined
  InputTransformer?: InputTransformer | undefined
}

type RuleContext = { ruleArn: string; ruleName: string; ingestionTime: string }

/**
 * The input of a target, as text.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 */
export function targetInput(options: InputOptions, event: object, rule: RuleContext): string {
  if (options.Input !== undefined) return options.Input
  if (options.InputPath !== undefined)
    return JSON.stringify(atPath(event, options.InputPath) ?? null)
  if (options.InputTransformer === undefined) return JSON.stringify(event)
  const { InputPathsMap = {}, InputTemplate = '' } = options.InputTransformer
  const filled = fill(InputTemplate, variables(InputPathsMap, event, rule))
  if (isDeliverable(filled)) return filled
  throw new AwsError('InvalidInputTemplate', 'The template does not yield valid JSON.')
}

/** JSON as a whole, or a value in each line. */
function isDeliverable(text: string): boolean {
  return isJson(text) || text.split('\n').every((line) => line.trim() === '' || isJson(line))
}

/** What every template may name. */
export const PREDEFINED = [
  'aws.events.rule-arn',
  'aws.events.rule-name',
  'aws.events.event.ingestion-time',
  'aws.events.event',
  'aws.events.event.json',
]

/** The names that a template asks for. */
export const placeholders = (template: string): string[] =>
  [...template.matchAll(/<([\w.-]+)>/g)].map(([, name = '']) => name)

function variables(
  paths: Record<string, string>,
  event: object,
  rule: RuleContext,
): Map<string, unknown> {
  return new Map<string, unknown>([
    ...Object.entries(paths).map(
      ([name, path]) => [name, atPath(event, path)] as [string, unknown],
    ),
    ['aws.events.rule-arn', rule.ruleArn],
    ['aws.events.rule-name', rule.ruleName],
    ['aws.events.event.ingestion-time', rule.ingestionTime],
    ['aws.events.event', withoutDetail(event)],
    ['aws.events.event.json', event],
  ])
}

function withoutDetail(event: object): object {
  const { detail, 'detail-type': detailType, ...envelope } = event as Record<string, unknown>
  return { ...envelope, detailType }
}

/**
 * Fills `<variables>` into a template. Inside quotes a value is text; outside it keeps its type,
 * and a missing one is an empty string there, or nothing inside quotes.
 */
function fill(template: string, values: ReadonlyMap<string, unknown>): string {
  const asText = template.trimStart().startsWith('{') ? asMember : asLine
  let quoted = false
  let output = ''
  for (let at = 0; at < template.length; at++) {
    const character = template[at] as string
    if (character === '"' && template[at - 1] !== '\\') quoted = !quoted
    const variable = character === '<' ? /^<([\w.-]+)>/.exec(template.slice(at)) : null
    const name = variable?.[1]
    if (name === undefined || !values.has(name)) {
      output += character
      continue
    }
    output += quoted ? asText(values.get(name)) : asJson(values.get(name))
    at += (variable?.[0].length ?? 1) - 1
  }
  return output
}

/** Text goes in as it is, unescaped, which may spoil the JSON, and so may an object's quotes. */
function asMember(value: unknown): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** In a template that is a text, an object loses its quotes. */
const asLine = (value: unknown): string =>
  typeof value === 'string' ? value : asMember(value).replaceAll('"', '')

const asJson = (value: unknown): string => JSON.stringify(value === undefined ? '' : value)

/**
 * The value at a path: dots, indices, and `*` for all elements or members
 * (`$.detail.items[0].name`, `$.detail.items[*].name`).
 *
 * @throws ValidationException for what EventBridge does not take (filters, slices).
 */
function atPath(event: object, path: string): unknown {
  checkPath(path)
  const steps = [...path.matchAll(STEP)].map(
    ([, name, index, quoted]) => name ?? quoted ?? index ?? '',
  )
  const found = steps.reduce<unknown[]>((values, step) => values.flatMap(into(step)), [event])
  return steps.includes('*') ? found : found[0]
}

const STEP = /\.([\w/-]+|\*)|\[(\d+|\*)\]|\['([^']+)'\]/g

/** What lies below a value under a name or an index; nothing when there is none. */
function into(step: string): (value: unknown) => unknown[] {
  return (value) => {
    if (typeof value !== 'object' || value === null) return []
    if (step === '*') return Object.values(value)
    const below: unknown = (value as Record<string, unknown>)[step]
    return below === undefined ? [] : [below]
  }
}

/** @throws ValidationException unless the path is one EventBridge takes. */
export function checkPath(path: string): void {
  if (/^\$(\.([\w/-]+|\*)|\[(\d+|\*)\]|\['[^']+'\])*$/.test(path)) return
  throw validation(`Invalid InputPath for target: ${path}. Use dots and [index], starting with $.`)
}
