import type { Aws } from '../aws/aws.ts'
import { readAssembly } from './assembly.ts'
import type { CloudFormation } from './cloudformation.ts'
import { TemplateError } from './template.ts'

/** What becomes of a stack when its turn comes: it is deployed, or left to go on by itself. */
export type Turn = (stack: string) => 'deploy' | 'leave'

/**
 * The CDK's command line against the local account: `deploy`, `destroy` and `bootstrap` as far as
 * `npx caretaker environment deploy` and `npx caretaker environment destroy` use them. `diff` shows nothing.
 *
 * @param turn `leave` ends the command at this stack, as a signal does: CloudFormation goes on.
 * @returns runs the command with these words. @throws as the first stack that fails does.
 */
export function localCdk(
  aws: Aws,
  cloudFormation: CloudFormation,
  turn: Turn = () => 'deploy',
): (words: readonly string[]) => Promise<void> {
  return async ([verb, ...words]) => {
    if (verb === 'bootstrap') cloudFormation.bootstrap()
    const end = words.findIndex((word) => word.startsWith('--'))
    const names = words.slice(0, end === -1 ? words.length : end)
    if (verb !== 'deploy' && verb !== 'destroy') return
    const app = words[words.indexOf('--app') + 1] ?? ''
    const { stacks, assets } = readAssembly(app, aws)
    const asked = stacks.filter(({ name }) => names.includes(name))
    if (verb === 'destroy') {
      for (const { name } of asked.toReversed()) {
        await cloudFormation.delete(name)
        if (cloudFormation.statusOf(name) !== undefined) {
          throw new TemplateError(`${name} cannot be deleted`)
        }
      }
      return
    }
    cloudFormation.publish(assets)
    const given = parametersIn(words)
    const importing = words.includes('--import-existing-resources')
    for (const stack of asked) {
      const parameters = { ...stack.parameters, ...given[stack.name] }
      // A template without resources cannot be deployed; the CDK deletes the stack.
      if (Object.keys(stack.template.Resources ?? {}).length === 0) {
        if (cloudFormation.statusOf(stack.name)) await cloudFormation.delete(stack.name)
      } else if (turn(stack.name) === 'leave') {
        cloudFormation.start({ ...stack, parameters }, { importing })
        throw new TemplateError(`the command was ended at ${stack.name}`)
      } else await cloudFormation.deploy({ ...stack, parameters }, { importing })
    }
  }
}

/** `--parameters <stack>:<name>=<value>` */
function parametersIn(words: readonly string[]): Record<string, Record<string, string>> {
  const parameters: Record<string, Record<string, string>> = {}
  for (const word of words) {
    const [, stack = '', name = '', value = ''] = /^([\w-]+):(\w+)=(.*)$/.exec(word) ?? []
    if (stack !== '') parameters[stack] = { ...parameters[stack], [name]: value }
  }
  return parameters
}
