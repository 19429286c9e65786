/** Attributes as the API lists them. */
export const listAttributes = (attributes: Record<string, string>) =>
  Object.entries(attributes).map(([Key, Value]) => ({ Key, Value }))

/** Sets the given attributes. @returns all of them, as the API lists them. */
export function changeAttributes(
  attributes: Record<string, string>,
  given: readonly { Key?: string | undefined; Value?: string | undefined }[] = [],
) {
  for (const { Key = '', Value = '' } of given) attributes[Key] = Value
  return listAttributes(attributes)
}
