import type { NotSimulated } from './deployed.ts'
import { isTags } from './resource-type.ts'
import type { TemplateResource } from './template.ts'
import { NOT_KNOWN, resourceType } from './types.ts'

/** What of a resource has no effect here: all of it, or some of its properties. */
export function notSimulated(
  stack: string,
  logicalId: string,
  { Type: type, Properties = {} }: TemplateResource,
): NotSimulated[] {
  const { standIn, effect, noEffect } = resourceType(type)
  if (standIn !== undefined) return [{ stack, logicalId, type, why: standIn }]
  return Object.keys(Properties)
    .filter((property) => !isTags(property) && !effect.includes(property))
    .map((property) => ({
      stack,
      logicalId,
      type,
      property,
      why: noEffect?.[property] ?? NOT_KNOWN,
    }))
}

/** Whether it is a resource of a type the local AWS does not know. */
export const isUnknownType = ({ property, why }: NotSimulated): boolean =>
  property === undefined && why === NOT_KNOWN
