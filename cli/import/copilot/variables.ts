import { readVariables } from '../env-file.ts'
import { isSecret } from '../is-secret.ts'
import { giveExisting, giveSecret } from '../secrets.ts'
import type { Row } from '../table.ts'
import { childOf, isMapTree, type Tree, textOf } from '../tree.ts'
import { giveVariable } from '../variables.ts'
import type { Scope } from './scope.ts'

function variable(tree: Tree, { workload: { draft }, report }: Scope): void {
  const name = tree.place.path.at(-1) ?? ''
  const value = textOf(tree)
  if (isMapTree(tree) && childOf(tree, 'from_cfn') !== undefined) {
    const because = 'its value is an output of another stack, which only AWS knows'
    const remedy = `aws cloudformation list-exports shows it; write environment.${name} into ${draft.file}`
    report.leave(tree, because, remedy)
    return
  }
  if (tree.tag !== undefined) {
    const because = `${tree.tag} is read by CloudFormation, not here`
    report.leave(tree, because, `write environment.${name} into ${draft.file}`)
    return
  }
  if (value === undefined && tree.content !== null) return
  if (tree.lacks !== undefined) {
    if (isSecret(name, 'a-value-nobody-knows')) {
      giveSecret(draft, name, tree)
      return
    }
    const because = `nothing says what $${tree.lacks.join(', $')} is: it came from your shell`
    report.leave(tree, because, `write environment.${name} into ${draft.file}`)
    return
  }
  giveVariable(draft, name, [value ?? ''], tree)
}

function variableFile(tree: Tree, scope: Scope): void {
  const { report, read, workload } = scope
  const path = textOf(tree) ?? ''
  const text = read(path)
  if (text === undefined) {
    const because = `${path} is not there; what stands in it is not known`
    report.leave(tree, because, 'run the import where the file is, or write its variables')
    return
  }
  report.to(tree, `${workload.draft.file} environment`)
  const own = childOf(workload.tree, 'variables')
  for (const [name, one] of readVariables(text, path, {}).trees) {
    if (childOf(own, name) === undefined)
      giveVariable(workload.draft, name, [textOf(one) ?? ''], one)
    else report.to(one, `variables.${name}, which stands over it`)
  }
}

/**
 * `name`, `name:key::` or an ARN, as ECS has them, without the version.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html
 */
function inSecretsManager(text: string): { secret: string; key?: string } {
  const [, arn, rest = ''] =
    /^(arn:[^:]+:secretsmanager:[^:]*:[^:]*:secret:[^:]+)(?::(.*))?$/.exec(text) ?? []
  const [name = '', ...others] = text.split(':')
  const key = (arn === undefined ? others : rest.split(':'))[0]
  return { secret: arn ?? name, ...(key !== undefined && key !== '' && { key }) }
}

/**
 * Gives a workload a secret whose value exists, where Copilot says it is.
 *
 * @returns false where that is known to AWS alone, and it is left out by name.
 */
export function giveSecretOf(
  tree: Tree,
  name: string,
  { workload: { draft }, report }: Scope,
): boolean {
  const managed = childOf(tree, 'secretsmanager')
  // The documentation of Copilot has an ARN in quotes inside quotes.
  const text = textOf(managed ?? tree)?.replaceAll(/^'|'$/g, '')
  if (childOf(tree, 'from_cfn') !== undefined || text === undefined || tree.tag !== undefined) {
    const because = 'where it is, is an output of another stack, which only AWS knows'
    const remedy = `aws cloudformation list-exports shows it; write secrets.${name} into ${draft.file}`
    report.leave(tree, because, remedy)
    return false
  }
  if ((managed ?? tree).lacks !== undefined) giveSecret(draft, name, tree)
  else {
    const isManaged = managed !== undefined || text.includes(':secretsmanager:')
    giveExisting(draft, name, isManaged ? inSecretsManager(text) : { parameter: text }, tree)
  }
  return true
}

function secret(tree: Tree, scope: Scope): void {
  giveSecretOf(tree, tree.place.path.at(-1) ?? '', scope)
}

/** What a workload is told. */
export const VARIABLE_ROWS: readonly Row<Scope>[] = [
  {
    key: 'env_file',
    to: 'environment, secrets: its variables are written out',
    read: variableFile,
  },
  {
    key: 'variables.*',
    to: 'environment; secrets for passwords, tokens and keys; from_cfn is left out',
    read: variable,
  },
  {
    key: 'secrets.*',
    to: 'secrets.<name>.parameter, .secret and .key; from_cfn is left out',
    read: secret,
  },
]
