/** A docker label on a service's container: the command of the task before each deployment, as JSON. */
export const PRE_DEPLOY = 'caretaker.pre-deploy'

/**
 * The words of the command that a task runs before each deployment, with the new image.
 *
 * @param labels of the service's container.
 * @returns undefined without the label; `unreadable` where it is no JSON list of words.
 */
export function preDeployOf(
  labels: Readonly<Record<string, string>> | undefined,
): string[] | 'unreadable' | undefined {
  const text = labels?.[PRE_DEPLOY]
  if (text === undefined) return undefined
  try {
    const words: unknown = JSON.parse(text)
    const isList = Array.isArray(words) && words.every((word) => typeof word === 'string')
    return isList && words.length > 0 ? words : 'unreadable'
  } catch {
    return 'unreadable'
  }
}
