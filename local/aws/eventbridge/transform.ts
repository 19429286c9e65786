import type { InputTransformer } from '@aws-sdk/client-eventbridge'
import { validation } from './model.ts'

/** What a target is given: exactly one of the three, or the event itself. */
export type InputOptions = {
  Input?: string | undefined
  InputPath?: string | undefined
  InputTransformer?: InputTransformer | undefined
}

export type RuleContext = { ruleArn: string; ruleName: string; ingestionTime: string }

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
  return fill(InputTemplate, variables(InputPathsMap, event, rule))
}

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
    ['aws.events.event', event],
    ['aws.events.event.json', event],
  ])
}

/**
 * Fills `<variables>` into a template. Inside quotes a value is text; outside it keeps its type,
 * and a missing one is an empty string there, or nothing inside quotes.
 */
function fill(template: string, values: ReadonlyMap<string, unknown>): string {
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

function asText(value: unknown): string {
  if (value === undefined || value === null) return ''
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return JSON.stringify(text).slice(1, -1)
}

const asJson = (value: unknown): string => JSON.stringify(value === undefined ? '' : value)

/**
 * The value at a path: dots, and indices in brackets (`$.detail.items[0].name`).
 *
 * @throws ValidationException for what EventBridge does not take (wildcards, filters, slices).
 */
export function atPath(event: object, path: string): unknown {
  checkPath(path)
  const steps = [...path.matchAll(/\.([\w-]+)|\[(\d+)\]|\['([^']+)'\]/g)]
  return steps.reduce<unknown>((value, [, name, index, quoted]) => {
    const key = name ?? quoted ?? Number(index)
    return (value as Record<string | number, unknown> | null | undefined)?.[key]
  }, event)
}

/** @throws ValidationException unless the path is one EventBridge takes. */
export function checkPath(path: string): void {
  if (!/^\$(\.[\w-]+|\[\d+\]|\['[^']+'\])*$/.test(path)) {
    throw validation(
      `Invalid InputPath for target: ${path}. Use dots and [index], starting with $.`,
    )
  }
}
