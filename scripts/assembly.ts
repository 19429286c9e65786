import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export type TemplateParameter = { Type: string; Default?: string | number; MaxValue?: number }

type Template = {
  Parameters?: Record<string, TemplateParameter>
  Resources: Record<string, { Type: string; Properties?: Record<string, unknown> }>
}

/** A stack as it was synthesized. */
export type Stack = { name: string; template: Template }

type Manifest = {
  artifacts: Record<
    string,
    { type: string; properties?: { stackName?: string; templateFile?: string } }
  >
}

/** The stacks of a cloud assembly (`cdk.out`), in no order. */
export function stacksOf(assembly: string): Stack[] {
  const read = (file: string) => JSON.parse(readFileSync(join(assembly, file), 'utf8'))
  const { artifacts } = read('manifest.json') as Manifest
  return Object.entries(artifacts)
    .filter(([, { type }]) => type === 'aws:cloudformation:stack')
    .map(([id, { properties = {} }]) => ({
      name: properties.stackName ?? id,
      template: read(properties.templateFile ?? '') as Template,
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
