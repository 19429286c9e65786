import {
  isArrayBindingPattern,
  isArrayLiteralExpression,
  isBinaryExpression,
  isBindingElement,
  isBreakOrContinueStatement,
  isCallExpression,
  isClassDeclaration,
  isExportDeclaration,
  isImportDeclaration,
  isInterfaceDeclaration,
  isNewExpression,
  isNumericLiteral,
  isObjectLiteralExpression,
  isPrefixUnaryExpression,
  isPropertyAssignment,
  isReturnStatement,
  isStringLiteral,
  isTemplateExpression,
  isThrowStatement,
  isTypeAliasDeclaration,
  isTypeNode,
  type Node,
  type SourceFile,
  SyntaxKind,
} from 'typescript/unstable/ast'

/**
 * One token that could be another: the text from `start` to `end` becomes `to`. Whoever runs the
 * text at `at` runs it.
 */
export type Place = { start: number; end: number; at: number; to: string }

/** What an operator becomes. */
const OPERATORS: Partial<Record<SyntaxKind, string>> = {
  [SyntaxKind.EqualsEqualsEqualsToken]: '!==',
  [SyntaxKind.ExclamationEqualsEqualsToken]: '===',
  [SyntaxKind.LessThanToken]: '<=',
  [SyntaxKind.LessThanEqualsToken]: '<',
  [SyntaxKind.GreaterThanToken]: '>=',
  [SyntaxKind.GreaterThanEqualsToken]: '>',
  [SyntaxKind.AmpersandAmpersandToken]: '||',
  [SyntaxKind.BarBarToken]: '&&',
  [SyntaxKind.PlusToken]: '-',
  [SyntaxKind.MinusToken]: '+',
  [SyntaxKind.AsteriskToken]: '/',
  [SyntaxKind.SlashToken]: '*',
  [SyntaxKind.PercentToken]: '*',
}
/** Below such a call a text with blanks is for people to read. */
const ERROR = /error|exception|refus|invalid|denied|missing|unknown|wrong|fail/i

/** What takes the label of a stream of chance, or of something that is to happen. */
const LABELLED = /(world|random)\??\.\w+$/

/**
 * Where a file can be wrong by one token: numbers, texts, booleans, operators, defaults after `??`,
 * members of objects and lists, `return`, `break` and `continue`. Imports, types, what errors say
 * to people, labels of chance, and defaults for the compiler are left as they are.
 */
export function placesOf(source: SourceFile): Place[] {
  const places: Place[] = []
  const visit = (node: Node): void => {
    if (saysNothing(node) || isForPeople(node) || isLabel(node)) return
    places.push(...placesAt(node, source))
    node.forEachChild(visit)
  }
  visit(source)
  return places.toSorted((one, other) => one.start - other.start || one.end - other.end)
}

const saysNothing = (node: Node): boolean =>
  isTypeNode(node) ||
  isForCompiler(node) ||
  isImportDeclaration(node) ||
  isExportDeclaration(node) ||
  isInterfaceDeclaration(node) ||
  isTypeAliasDeclaration(node)

/**
 * In `[first = 0]` of a list, and as an empty text where AWS's model requires a member, a default
 * is there because the compiler asks for one.
 */
function isForCompiler(node: Node): boolean {
  const { parent } = node
  if (parent === undefined) return false
  const isEmpty = isStringLiteral(node) && node.text === ''
  if (isBinaryExpression(parent)) {
    const { operatorToken, right } = parent
    return isEmpty && right === node && operatorToken.kind === SyntaxKind.QuestionQuestionToken
  }
  if (!isBindingElement(parent) || parent.initializer !== node) return false
  return isEmpty || isArrayBindingPattern(parent.parent)
}

function placesAt(node: Node, source: SourceFile): Place[] {
  const [start, end] = [node.getStart(source), node.getEnd()]
  const become = (...texts: string[]) => texts.map((to) => ({ start, end, at: start, to }))
  if (isNumericLiteral(node)) return become(otherNumber(Number(node.text)))
  if (isStringLiteral(node) || node.kind === SyntaxKind.NoSubstitutionTemplateLiteral) {
    return isName(node) ? [] : become(otherText(node.getText(source)))
  }
  if (node.kind === SyntaxKind.TrueKeyword) return become('false')
  if (node.kind === SyntaxKind.FalseKeyword) return become('true')
  if (isPrefixUnaryExpression(node) && node.operator === SyntaxKind.ExclamationToken) {
    return [{ start, end: start + 1, at: start, to: '' }]
  }
  if (isTemplateExpression(node)) return headOf(node.head.getText(source), start)
  if (isBinaryExpression(node)) return operatorOf(node, source)
  if (isReturnStatement(node) || isBreakOrContinueStatement(node)) return become(';')
  if (isObjectLiteralExpression(node)) return leftOut(node.properties, source)
  if (isArrayLiteralExpression(node)) return leftOut(node.elements, source)
  return []
}

/** Nought and one are each other; a small number is one more, a large one twice itself. */
function otherNumber(value: number): string {
  if (value === 0 || value === 1) return String(1 - value)
  return String(value < 10 ? value + 1 : value * 2)
}

/** A text has one letter more before its closing quote. */
const otherText = (quoted: string): string => `${quoted.slice(0, -1)}x${quoted.slice(-1)}`

/** The text before a template's first value, where there is one. */
function headOf(head: string, start: number): Place[] {
  const text = head.slice(1, -2)
  return text === ''
    ? []
    : [{ start: start + 1, end: start + 1 + text.length, at: start, to: `${text}x` }]
}

/** V8 counts what comes from the operator on apart from what comes before it. */
function operatorOf(
  { left, operatorToken, right }: { left: Node; operatorToken: Node; right: Node },
  source: SourceFile,
): Place[] {
  const start = operatorToken.getStart(source)
  if (operatorToken.kind === SyntaxKind.QuestionQuestionToken) {
    return [{ start, end: right.getEnd(), at: start, to: '' }]
  }
  const to = OPERATORS[operatorToken.kind]
  const at = left.getStart(source)
  return to === undefined ? [] : [{ start, end: operatorToken.getEnd(), at, to }]
}

/** Each with the comma that follows it. */
const leftOut = (items: Iterable<Node>, source: SourceFile): Place[] =>
  [...items].map((item) => {
    const comma = /^\s*,/.exec(source.text.slice(item.getEnd()))?.[0] ?? ''
    const start = item.getStart(source)
    return { start, end: item.getEnd() + comma.length, at: start, to: '' }
  })

/** `'a-b': 1` names a member. */
const isName = (node: Node): boolean =>
  (isPropertyAssignment(node.parent) && node.parent.name === node) ||
  isClassDeclaration(node.parent)

/** The name of a stream of chance, or of something that is to happen; another would do as well. */
const isLabel = (node: Node): boolean =>
  isText(node) && isCallExpression(node.parent) && LABELLED.test(node.parent.expression.getText())

const isText = (node: Node): boolean =>
  isStringLiteral(node) ||
  isTemplateExpression(node) ||
  node.kind === SyntaxKind.NoSubstitutionTemplateLiteral

/** A sentence that an error says. */
function isForPeople(node: Node): boolean {
  if (!isText(node) || !/\w \w|\} \w|\w \$/.test(node.getText())) return false
  for (let above = node.parent; above !== undefined; above = above.parent) {
    if (isThrowStatement(above)) return true
    if (
      (isCallExpression(above) || isNewExpression(above)) &&
      ERROR.test(above.expression.getText())
    ) {
      return true
    }
  }
  return false
}
