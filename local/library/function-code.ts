import type { DeployedResource } from '../cloudformation/deployed.ts'
import type { FunctionCode, FunctionTools } from './types.ts'

type Platform = Omit<FunctionTools, 'client' | 'log'> & {
  aws: { requestHandler: object }
  client?<Client>(kind: new (configuration: never) => Client): Client
  writeLog(line: string): void
}

/** The functions' code, as the simulated Lambda takes it; and whether all of it was taken. */
export function standIns(functions: Readonly<Record<string, FunctionCode>>) {
  const keys = Object.keys(functions).toSorted((a, b) => b.length - a.length)
  const used = new Set<string>()
  return {
    of(functionName: string) {
      const key = keys.find((one) => isCalled(functionName, one))
      const code = key === undefined ? undefined : functions[key]
      if (key === undefined || code === undefined) return undefined
      used.add(key)
      return {
        on: (platform: Platform) => {
          const handler = code(toolsOf(platform))
          return async (event: unknown) => handler(event as never)
        },
      }
    },
    /** @throws Error for code whose function is not there. */
    check(resources: readonly DeployedResource[]): void {
      const left = keys.find((one) => !used.has(one))
      if (left === undefined) return
      const names = resources
        .filter(({ type }) => type === 'AWS::Lambda::Function')
        .map(({ physicalId }) => physicalId)
      throw new Error(
        `functions: found ${JSON.stringify(left)}, allowed: the name of a function, or the id of its construct: ${names.join(', ') || 'there is none'}`,
      )
    },
  }
}

/** CloudFormation calls a function `<stack>-<construct's id><hash>-<…>` where the app does not. */
function isCalled(functionName: string, key: string): boolean {
  const id = key.replaceAll(/[^A-Za-z0-9]/g, '')
  return functionName === key || new RegExp(`-${id}[0-9A-F]{8}-`).test(functionName)
}

const toolsOf = (platform: Platform): FunctionTools => ({
  client: (kind) => platform.client?.(kind) ?? new kind(platform.aws as never),
  environment: platform.environment,
  now: () => platform.now(),
  newId: () => platform.newId(),
  pause: (milliseconds) => platform.pause(milliseconds),
  log: (line) => platform.writeLog(line),
})
