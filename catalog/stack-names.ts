/** The name of a stack: `DevEnvironment`, `DevService-orders`. */
export function stackNamed({ name }: { name: string }, what: string): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}${what}`
}
