/**
 * The roles that Caretaker may hand to ECS with a task definition, as names below `role/`, each with
 * `*` for any text: those whose names begin with the environment's, and what `passRoles` of the
 * catalog adds.
 */
export const passableRoles = (
  environment: string,
  passRoles: readonly string[] = [],
): [string, ...string[]] => [`${environment}-*`, ...passRoles]

/** The name of a role with its path, as a pattern names it: `service-role/ecsTaskExecutionRole`. */
export const roleName = (arn: string): string => arn.split(':role/')[1] ?? arn

/**
 * Whether a role may be handed on. A path belongs to the name, as in the ARN that IAM compares.
 *
 * @param patterns of `passableRoles`.
 */
export function mayPass(patterns: readonly string[], arn: string): boolean {
  const name = roleName(arn)
  return patterns.some((pattern) =>
    pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern,
  )
}
