/** The name of a stack: `DevEnvironment`, `DevService-orders`. */
export function stackNamed({ name }: { name: string }, what: string): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}${what}`
}

/** Every stack of an environment that is not a service's. */
const PARTS = ['Access', 'Environment', 'Data', 'Kubernetes', 'ControlPlane']

/** Whether a stack is that of a service, whatever services there are now. */
export function isServiceStack(environment: { name: string }, stack: string): boolean {
  return stack.startsWith(stackNamed(environment, 'Service-'))
}

/** Whether a stack is one of the environment's, also of what has left its catalog. */
export function isStackOf(environment: { name: string }, stack: string): boolean {
  const isPart = PARTS.some((part) => stackNamed(environment, part) === stack)
  return isPart || isServiceStack(environment, stack)
}
