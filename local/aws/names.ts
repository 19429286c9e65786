/** `desiredCount` -> `DesiredCount` */
export function capitalized(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1)
}

/**
 * The name the AWS SDK for Java 2 gives a member, which is what Step Functions shows in `aws-sdk:`
 * integrations: `SSEDescription` -> `SseDescription`, `DBInstances` -> `DbInstances`, `BOOL` ->
 * `Bool`. The rules are those of its code generator (CodegenNamingUtils.splitOnWordBoundaries).
 */
export function javaName(name: string): string {
  let known = javaNames.get(name)
  if (known === undefined) {
    known = toJava(name)
    javaNames.set(name, known)
  }
  return known
}

/** As many as the shapes that are used have members. */
const javaNames = new Map<string, string>()

function toJava(name: string): string {
  return name
    .replace(/[^A-Za-z0-9]+/g, ' ')
    .replace(/([^a-z]{2,})v([0-9]+)/g, '$1 v$2 ')
    .replace(/([^A-Z]{2,})V([0-9]+)/g, '$1 V$2 ')
    .replace(/(?<=[a-z])(?=[A-Z][a-zA-Z0-9])/g, ' ')
    .replace(/([A-Z]+)([A-Z])([a-z])/g, '$1 $2$3')
    .replace(/([0-9])([a-zA-Z])/g, '$1 $2')
    .trim()
    .split(/ +/)
    .map((word) => capitalized(word.toLowerCase()))
    .join('')
}
