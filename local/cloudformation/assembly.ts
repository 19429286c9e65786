import { join } from 'node:path'
import { Files, frozen } from '../files.ts'
import { inOrder } from './order.ts'
import { type Template, TemplateError } from './template.ts'

/** A stack as the CDK wrote it. */
export type AssemblyStack = {
  name: string
  template: Template
  /** Tags of the stack, which its resources get too. */
  tags: Record<string, string>
  /** What is given for the template's parameters. */
  parameters: Record<string, string>
}

/** The CDK's cloud assembly (`cdk.out`): stacks in the order to deploy them, and their assets. */
export type Assembly = {
  stacks: AssemblyStack[]
  /** The directory or file of an asset, by its key in the assets bucket. */
  assets: (key: string) => string | undefined
}

type Artifact = {
  type: string
  environment?: string
  dependencies?: string[]
  properties?: {
    file?: string
    templateFile?: string
    stackName?: string
    tags?: Record<string, string>
    parameters?: Record<string, string>
  }
}

type AssetManifest = {
  files: Record<
    string,
    { source: { path?: string }; destinations: Record<string, { objectKey: string }> }
  >
}

/**
 * Reads `manifest.json` and what it names.
 *
 * https://github.com/aws/aws-cdk-cli/tree/main/packages/%40aws-cdk/cloud-assembly-schema
 *
 * @throws TemplateError when a stack is for another Region or account than these.
 */
export function readAssembly(
  directory: string,
  own: { region: string; account: string },
): Assembly {
  const read = (file: string) => files.get(join(directory, file))
  const { artifacts } = read('manifest.json') as { artifacts: Record<string, Artifact> }
  const ids = Object.keys(artifacts).filter(
    (id) => artifacts[id]?.type === 'aws:cloudformation:stack',
  )
  const stacks = inOrder(ids, (id) => artifacts[id]?.dependencies ?? []).map((id) => {
    const { environment = '', properties = {} } = artifacts[id] as Artifact
    const name = properties.stackName ?? id
    checkEnvironment(name, environment, own)
    return {
      name,
      template: read(properties.templateFile ?? '') as Template,
      tags: properties.tags ?? {},
      parameters: properties.parameters ?? {},
    }
  })
  const manifests = Object.values(artifacts)
    .filter(({ type }) => type === 'cdk:asset-manifest')
    .map(({ properties }) => read(properties?.file ?? '') as AssetManifest)
  return { stacks, assets: assetsOf(directory, manifests) }
}

/** Files that many simulations of a process are made from; a few catalogs' at a time. */
const MOST_FILES = 200

/** What is read is frozen, so every reader of a file gets the same object. */
const files = new Files(MOST_FILES, (content) => frozen(JSON.parse(content.toString()) as unknown))

/** `aws://unknown-account/eu-central-1` takes any account. */
function checkEnvironment(
  stack: string,
  environment: string,
  own: { region: string; account: string },
): void {
  const [account = '', region = ''] = environment.replace('aws://', '').split('/')
  const fits = [account, region].every(
    (part) => /^unknown-|^$/.test(part) || part === own.account || part === own.region,
  )
  if (fits) return
  throw new TemplateError(
    `${stack} is for ${account}, ${region}; the local AWS is ${own.account}, ${own.region}`,
  )
}

function assetsOf(directory: string, manifests: readonly AssetManifest[]) {
  const paths = new Map<string, string>()
  for (const { source, destinations } of manifests.flatMap(({ files }) => Object.values(files))) {
    if (source.path === undefined) continue
    for (const { objectKey } of Object.values(destinations)) {
      paths.set(objectKey, join(directory, source.path))
    }
  }
  return (key: string) => paths.get(key)
}
