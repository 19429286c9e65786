import jsonata from 'jsonata'
import { expressionIn, isRecord } from '../language.ts'
import type { Report } from './report.ts'

type Fields = Record<string, unknown>

/** JSONata's syntax tree, as far as it is read here. */
type Node = {
  type?: string
  value?: unknown
  steps?: Node[]
  lhs?: Node | Node[][]
  [part: string]: unknown
}

/** What `$states` has beside input and context, depending on the field it is used in. */
type Allowed = { result: boolean; errorOutput: boolean }

/** Fields that hold states of their own, checked in their turn, or are no expressions at all. */
const NOT_EXPRESSIONS = [
  'Branches',
  'ItemProcessor',
  'Comment',
  'Type',
  'Next',
  'Default',
  'Resource',
]

/** Checks the syntax of every expression of a state and what it refers to (transforming-data.html). */
export function expressionDiagnostics(state: Fields, here: string, report: Report): void {
  const works = ['Task', 'Parallel', 'Map'].includes(state.Type as string)
  for (const [field, value] of Object.entries(state)) {
    if (NOT_EXPRESSIONS.includes(field)) continue
    if (field === 'Catch' && Array.isArray(value)) {
      for (const [index, catcher] of value.entries()) {
        walk(catcher, `${here}/Catch[${index}]`, { result: false, errorOutput: true }, report)
      }
      continue
    }
    const result = works && (field === 'Output' || field === 'Assign')
    walk(value, `${here}/${field}`, { result, errorOutput: false }, report)
  }
}

function walk(value: unknown, at: string, allowed: Allowed, report: Report): void {
  if (typeof value === 'string') check(value, at, allowed, report)
  else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) walk(item, `${at}[${index}]`, allowed, report)
  } else if (isRecord(value)) {
    for (const [key, item] of Object.entries(value)) walk(item, `${at}/${key}`, allowed, report)
  }
}

function check(text: string, at: string, allowed: Allowed, report: Report): void {
  const expression = expressionIn(text)
  if (expression === undefined) {
    if (text.startsWith('{%') || text.endsWith('%}')) {
      report(
        "JSONata expressions must start with '{%' and end with '%}'",
        at,
        'INVALID_JSONATA_EXPRESSION',
      )
    }
    return
  }
  try {
    const tree = treeOf(expression)
    const refuse = (message: string) => report(message, at, 'UNSUPPORTED_JSONATA_EXPRESSION')
    inspect(tree, true, allowed, refuse)
  } catch (error) {
    report((error as { message: string }).message, at, 'INVALID_JSONATA_EXPRESSION')
  }
}

const trees = new Map<string, Node>()

/** Machines of one environment have some hundred expressions, the same in every simulation. */
const MOST_TREES = 2000

/** @throws what JSONata says of a text that is no expression. */
function treeOf(expression: string): Node {
  let tree = trees.get(expression)
  if (tree === undefined) {
    tree = jsonata(expression).ast() as unknown as Node
    if (trees.size >= MOST_TREES) trees.clear()
    trees.set(expression, tree)
  }
  return tree
}

/** `top`: the node sees the context of the whole expression, which in Step Functions is nothing. */
function inspect(
  node: Node,
  top: boolean,
  allowed: Allowed,
  refuse: (message: string) => void,
): void {
  if (node.type === 'path' && Array.isArray(node.steps)) {
    const [first, second] = node.steps
    if (first?.type === 'name' && top) {
      refuse(`Reference to '${first.value}' at the top level is not supported.`)
    }
    if (first?.type === 'variable' && first.value === 'states' && second?.type === 'name') {
      checkStates(second.value as string, allowed, refuse)
    }
    for (const [index, step] of node.steps.entries()) {
      if (step.type === 'name') inspectParts(step, false, allowed, refuse)
      else inspect(step, top && index === 0, allowed, refuse)
    }
    inspectParts({ ...node, steps: [] }, false, allowed, refuse)
    return
  }
  if (node.type === 'variable' && node.value === '$') refuse("Reference to '$$' is not supported.")
  inspectParts(node, top, allowed, refuse)
}

/** Predicates, sort terms and groupings see the item; all else sees what its node sees. */
const ITEM_PARTS = ['predicate', 'stages', 'group', 'terms', 'update', 'delete']

function inspectParts(
  node: Node,
  top: boolean,
  allowed: Allowed,
  refuse: (message: string) => void,
): void {
  for (const [part, value] of Object.entries(node)) {
    const inner = top && !ITEM_PARTS.includes(part)
    for (const child of nodesIn(value)) inspect(child, inner, allowed, refuse)
  }
}

function nodesIn(value: unknown): Node[] {
  if (Array.isArray(value)) return value.flatMap(nodesIn)
  return isRecord(value) ? [value as Node] : []
}

function checkStates(member: string, allowed: Allowed, refuse: (message: string) => void): void {
  if (member !== 'result' && member !== 'errorOutput') return
  if (!allowed[member]) refuse(`Reference to '$states.${member}' is not supported here.`)
}
