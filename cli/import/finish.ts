import type { Draft } from './draft.ts'
import { withExports } from './variables.ts'

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

/**
 * Lets the command of a service put together the variables that ECS cannot; where nothing says what
 * the command is, they are left out.
 */
export function finish(draft: Draft): void {
  const { is, exports, report, file } = draft
  if (exports.size === 0) return
  if (is.preDeploy !== undefined) is.preDeploy = withExports(is.preDeploy, exports)
  if (is.entryPoint !== undefined) is.entryPoint = withExports(is.entryPoint, exports)
  else if (is.command !== undefined) is.command = withExports(is.command, exports)
  else {
    const names = [...exports.keys()].join(', ')
    const [words] = [withExports(['<the CMD of its Dockerfile>'], exports)]
    report.takeBack(file, 'command', {
      because: `a password is in it, which only the running container knows, and nothing here says what its command is (${names})`,
      remedy: `write into ${file}: command: ${JSON.stringify(words)}`,
    })
  }
}
