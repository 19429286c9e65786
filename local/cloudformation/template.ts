/** A CloudFormation template, as far as the local AWS reads it. */
export type Template = {
  Parameters?: Record<string, Parameter>
  Mappings?: Record<string, Record<string, Record<string, unknown>>>
  Conditions?: Record<string, unknown>
  Rules?: Record<string, Rule>
  Resources: Record<string, TemplateResource>
  Outputs?: Record<string, Output>
}

export type Parameter = {
  Type: string
  Default?: string | number
  MinValue?: number
  MaxValue?: number
  AllowedValues?: (string | number)[]
  AllowedPattern?: string
}

type Rule = {
  RuleCondition?: unknown
  Assertions: { Assert: unknown; AssertDescription?: string }[]
}

/** What is done with a resource that is no longer in the template; default `Delete`. */
export type DeletionPolicy = 'Delete' | 'Retain' | 'Snapshot' | 'RetainExceptOnCreate'

export type TemplateResource = {
  Type: string
  Condition?: string
  DependsOn?: string | string[]
  DeletionPolicy?: DeletionPolicy
  UpdateReplacePolicy?: DeletionPolicy
  Properties?: Record<string, unknown>
}

type Output = { Value: unknown; Condition?: string; Export?: { Name: unknown } }

/** A template that cannot be loaded; the message says where and why. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError'
}

/** A name that a template uses and that does not exist. The caller adds the place. */
export class Unanswerable extends Error {
  override readonly name = 'Unanswerable'
}

/** `problem`, with the place it is at in front. */
export function at(place: string, problem: string): TemplateError {
  return new TemplateError(place === '' ? problem : `${place}: ${problem}`)
}

/** `Statement[0].Resource` */
export function below(path: string, key: string | number): string {
  if (typeof key === 'number') return `${path}[${key}]`
  return path === '' ? key : `${path}.${key}`
}

/** The result of `work`; the place is added to its errors. */
export async function inPlace<Result>(
  place: string,
  work: () => Result | Promise<Result>,
): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    throw new TemplateError(`${place}: ${(error as Error).message}`, { cause: error })
  }
}
