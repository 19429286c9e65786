import type { Stack } from '../assembly.ts'

export type Properties = Readonly<Record<string, unknown>>

/** One resource of the synthesized templates. */
export type TemplateResource = { stack: string; id: string; type: string; properties: Properties }

/** Every resource of every stack. */
export function resourcesOf(stacks: readonly Stack[]): TemplateResource[] {
  return stacks.flatMap(({ name, template }) =>
    Object.entries(template.Resources).map(([id, { Type, Properties = {} }]) => ({
      stack: name,
      id,
      type: Type,
      properties: Properties,
    })),
  )
}

/** A resource's tag; tags are a list or a map. */
export function tagOf({ Tags = [] }: Properties, key: string): string | undefined {
  if (!Array.isArray(Tags)) return (Tags as Record<string, string>)[key]
  const found = (Tags as { Key: string; Value: unknown }[]).find((tag) => tag.Key === key)
  return found === undefined ? undefined : String(found.Value)
}

/** A Markdown table. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)]
}
