/**
 * The labels of a path that matches a pattern like `/functions/{FunctionName}/aliases/{Name+}`,
 * decoded; undefined when it does not match. `{Name+}` takes the rest, slashes included.
 * https://smithy.io/2.0/spec/http-bindings.html#http-trait
 */
export function labelsOf(pattern: string, path: string): Record<string, string> | undefined {
  const labels: Record<string, string> = {}
  const asked = segments(path)
  for (const [index, segment] of segments(pattern).entries()) {
    const [, label, greedy] = /^\{([^}+]+)(\+?)\}$/.exec(segment) ?? []
    const given = asked[index]
    if (given === undefined || given === '') return undefined
    if (label === undefined && segment !== given) return undefined
    if (label === undefined) continue
    if (greedy) return { ...labels, [label]: decode(asked.slice(index).join('/')) }
    labels[label] = decode(given)
  }
  return asked.length === segments(pattern).length ? labels : undefined
}

const segments = (path: string): string[] => path.replace(/\?.*$/, '').split('/').slice(1)

/** A malformed escape is taken as it stands, as a name that will not be found. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
