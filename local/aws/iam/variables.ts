/** The condition keys of one request: their values, or undefined when the request has none. */
export type Context = (key: string) => readonly string[] | undefined

/**
 * Puts the request's values in the place of policy variables: `${aws:PrincipalTag/team}`, or with
 * a default `${aws:PrincipalTag/team, 'none'}`. `${*}`, `${?}` and `${$}` stay for the comparison.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 *
 * @returns undefined when a variable has no value and no default: then nothing matches.
 */
export function resolveVariables(text: string, context: Context): string | undefined {
  if (!text.includes('${')) return text
  let known = true
  const resolved = text.replace(
    /\$\{([\w:/.+=@-]+)(?:,\s*'([^']*)')?\}/g,
    (_, key: string, fallback?: string) => {
      const values = context(key)
      // A key with several values cannot be a variable.
      const value = values?.length === 1 ? values[0] : fallback
      known &&= value !== undefined
      // What a variable holds is text, never a wildcard.
      return (value ?? '').replace(/[*?]/g, (wildcard) => `\${${wildcard}}`)
    },
  )
  return known ? resolved : undefined
}
