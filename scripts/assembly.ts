import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export type TemplateParameter = { Type: string; Default?: string | number; MaxValue?: number }

export type TemplateResource = {
  Type: string
  Properties?: Record<string, unknown>
  DeletionPolicy?: string
}

export type Template = {
  Parameters?: Record<string, TemplateParameter>
  Resources: Record<string, TemplateResource>
  Outputs?: Record<string, { Value: unknown; Export?: { Name: unknown } }>
}

/** A stack as it was synthesized. */
export type Stack = {
  name: string
  template: Template
  /** The names of the stacks that are deployed before it. */
  needs: string[]
}

type Manifest = {
  artifacts: Record<
    string,
    {
      type: string
      dependencies?: string[]
      properties?: { stackName?: string; templateFile?: string }
    }
  >
}

/** The stacks of a cloud assembly (`cdk.out`), in no order. */
export function stacksOf(assembly: string): Stack[] {
  const read = (file: string) => JSON.parse(readFileSync(join(assembly, file), 'utf8'))
  const { artifacts } = read('manifest.json') as Manifest
  const stacks = Object.entries(artifacts).filter(
    ([, { type }]) => type === 'aws:cloudformation:stack',
  )
  const names = new Map(stacks.map(([id, { properties }]) => [id, properties?.stackName ?? id]))
  return stacks.map(([id, { properties = {}, dependencies = [] }]) => ({
    name: names.get(id) ?? id,
    template: read(properties.templateFile ?? '') as Template,
    needs: dependencies.flatMap((one) => names.get(one) ?? []),
  }))
}

/** The ECS service a stack runs, if it runs one: both names are the catalog's, never CDK's. */
export function ecsServiceOf({ template }: Stack): EcsService | undefined {
  const found = Object.values(template.Resources).find(({ Type }) => Type === 'AWS::ECS::Service')
  if (found === undefined) return undefined
  const { Cluster, ServiceName } = found.Properties ?? {}
  return { cluster: String(Cluster), name: String(ServiceName) }
}

export type EcsService = { cluster: string; name: string }
