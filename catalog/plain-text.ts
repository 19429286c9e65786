import type { Document } from './document.ts'
import { type Problem, shown } from './problem.ts'

/** What another tool would put something else in the place of, and which tool that is. */
const REPLACED: readonly { text: RegExp; allowed: string }[] = [
  {
    // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
    text: /\{\{\s*resolve:/,
    allowed:
      'text without {{resolve:…}}, in whose place CloudFormation puts a secret or a parameter of the account, for everybody to read',
  },
  {
    text: /[$#]\{Token\[/,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the CDK's own way to write it
    allowed: 'text without ${Token[…]}, by which the CDK names values that it does not know yet',
  },
]

/** All text of a file must arrive in AWS as it is written. */
export function plainText({ value, problem }: Document<unknown>): Problem[] {
  return textsIn(value).flatMap(({ path, text }) => {
    const replaced = REPLACED.find((one) => one.text.test(text))
    if (replaced === undefined) return []
    const remedy = 'write the value itself, or put it into a secret of the service (secrets)'
    return [problem(path, { found: shown(text), allowed: replaced.allowed, remedy })]
  })
}

type Text = { path: PropertyKey[]; text: string }

/** Each text in a value, names of fields included, with the path to it. */
function textsIn(value: unknown, path: PropertyKey[] = []): Text[] {
  if (typeof value === 'string') return [{ path, text: value }]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => {
    const at = [...path, Array.isArray(value) ? Number(key) : key]
    return [{ path: at, text: key }, ...textsIn(inner, at)]
  })
}
