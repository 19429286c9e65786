import type { Aws } from '../../aws.ts'

export type Input = Record<string, unknown>

/** The ARNs a call names, by IAM's resource type; `any` for an ARN whose type the action knows. */
export type Named = Readonly<Record<string, readonly string[]>>

/** Finds what a call of one service names. */
export type Namer = (input: Input, aws: Aws, operation: string) => Named

/** The text of a member, if it has one. */
export function text(input: Input, member: string): string | undefined {
  const value = input[member]
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** All text in these members, whether they hold one or a list. */
export function texts(input: Input, ...members: string[]): string[] {
  const found: string[] = []
  for (const member of members) {
    const value = input[member]
    for (const one of Array.isArray(value) ? value : [value]) {
      if (typeof one === 'string' && one !== '') found.push(one)
    }
  }
  return found
}

/** A name becomes an ARN; an ARN stays. */
export function arns(names: readonly string[], toArn: (name: string) => string): string[] {
  return names.map((name) => (name.startsWith('arn:') ? name : toArn(name)))
}
