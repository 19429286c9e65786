import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { templatesOf } from '../../local/simulation/synth.ts'

export type Resource = {
  Type: string
  Properties: Record<string, unknown>
  DependsOn?: string[]
  DeletionPolicy?: string
}
export type Template = {
  Resources: Record<string, Resource>
  Parameters?: Record<string, Record<string, unknown>>
  Outputs?: Record<string, { Value: unknown; Export: { Name: string } }>
}

/** A stack's template, by the stack's name: `DevService-orders`; the shipped catalog's, validated. */
export async function template(
  stack: string,
  from = templatesOf('catalog', { isValidated: true }),
): Promise<Template> {
  return JSON.parse(readFileSync(join(await from, `${stack}.template.json`), 'utf8')) as Template
}

/** The resources of one type, by logical id. */
export function ofType({ Resources }: Template, type: string): [string, Resource][] {
  return Object.entries(Resources).filter(([, resource]) => resource.Type === type)
}

/** The properties of the one resource of a type that `where` picks, or of the only one. */
export function only(
  from: Template,
  type: string,
  where: (properties: Record<string, unknown>) => boolean = () => true,
): Record<string, unknown> {
  const found = ofType(from, type).filter(([, { Properties }]) => where(Properties))
  const [first] = found
  if (first === undefined || found.length > 1) {
    throw new Error(`${found.length} resources of type ${type} fit; one was expected`)
  }
  return first[1].Properties
}

/** Tags as an object, whether CloudFormation writes them as a list or as a map, EFS's and budgets'. */
export function tagsOf(properties: Record<string, unknown>): Record<string, string> {
  const { FileSystemTags, AccessPointTags, ResourceTags } = properties
  const { Tags = FileSystemTags ?? AccessPointTags ?? ResourceTags ?? {} } = properties
  if (!Array.isArray(Tags)) return Tags as Record<string, string>
  return Object.fromEntries(
    (Tags as { Key: string; Value: string }[]).map(({ Key, Value }) => [Key, Value]),
  )
}
