import type { Draft } from './draft.ts'
import type { Tree } from './tree.ts'

/** A secret whose value a person puts in. */
export function giveSecret(draft: Draft, name: string, from: Tree | undefined): void {
  const { secrets } = draft.is
  if (Array.isArray(secrets) || secrets === undefined) {
    draft.is.secrets = [...new Set([...(secrets ?? []), name])]
  } else {
    draft.is.secrets = { ...secrets, [name]: 'new' }
  }
  draft.report.to(from, `${draft.file} secrets.${name}`)
}

/** Secrets as a map, where the value of one exists already. */
export function giveExisting(
  draft: Draft,
  name: string,
  where: { parameter: string } | { secret: string; key?: string },
  from: Tree | undefined,
): void {
  const { secrets = {} } = draft.is
  const before = Array.isArray(secrets)
    ? Object.fromEntries(secrets.map((one) => [one, 'new' as const]))
    : secrets
  draft.is.secrets = { ...before, [name]: where }
  draft.report.to(from, `${draft.file} secrets.${name}`)
}

/**
 * Lets services that have the same secret share one: its value is put in once.
 *
 * @param drafts of one input; the first by its place has the secret itself.
 */
export function shareSecrets(drafts: readonly Draft[]): void {
  const owners = new Map<string, Draft>()
  for (const draft of drafts) {
    const { is, name, report, secretValues } = draft
    for (const secret of newOnes(draft)) {
      const value = secretValues.get(secret)
      const id = `${secret} ${value}`
      const owner = value === undefined ? undefined : owners.get(id)
      if (owner === undefined) {
        owners.set(id, draft)
        report.steps.add(`npx caretaker secret set ${name} ${secret}`)
        continue
      }
      const all = Array.isArray(is.secrets) ? is.secrets.map((one) => [one, 'new'] as const) : []
      const before = Array.isArray(is.secrets) ? Object.fromEntries(all) : is.secrets
      is.secrets = { ...before, [secret]: { of: owner.name } }
    }
  }
}

const newOnes = ({ is: { secrets = [] } }: Draft): string[] =>
  Array.isArray(secrets)
    ? [...secrets]
    : Object.entries(secrets).flatMap(([name, from]) => (from === 'new' ? [name] : []))
