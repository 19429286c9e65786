import type {
  BatchGetImageCommandOutput,
  GetDownloadUrlForLayerCommandOutput,
} from '@aws-sdk/client-ecr'
import type { Caller } from '../aws/aws.ts'
import type { Simulation } from '../simulation/simulation.ts'

export type Labels = Readonly<Record<string, string>>

type Manifest = { config?: { digest: string }; manifests?: { digest: string }[] }
type Configuration = { config?: { Labels?: Labels } }

/**
 * Labels of an image in the simulation's registry, as its build has written them; of an index those
 * of its first image, which are the same for every platform.
 */
export async function labelsOf(
  { aws, ecr }: Pick<Simulation, 'aws' | 'ecr'>,
  repositoryName: string,
  imageDigest: string,
): Promise<Labels> {
  const manifest = await manifestOf(imageDigest)
  const [child] = manifest.manifests ?? []
  const { config } = child === undefined ? manifest : await manifestOf(child.digest)
  if (config === undefined) return {}
  const { downloadUrl = '' } = await read<GetDownloadUrlForLayerCommandOutput>(
    'GetDownloadUrlForLayer',
    { repositoryName, layerDigest: config.digest },
  )
  const layer = ecr.layer(downloadUrl)
  if (layer === undefined) return {}
  const configuration = JSON.parse(Buffer.from(layer).toString('utf8')) as Configuration
  return configuration.config?.Labels ?? {}

  async function manifestOf(digest: string): Promise<Manifest> {
    const { images = [] } = await read<BatchGetImageCommandOutput>('BatchGetImage', {
      repositoryName,
      imageIds: [{ imageDigest: digest }],
    })
    return JSON.parse(images[0]?.imageManifest ?? '{}') as Manifest
  }

  function read<Output>(operation: string, input: object): Promise<Output> {
    return aws.call<Output>('ecr', operation, input, READER)
  }
}

/** Not logged as a call: the console is not part of the environment. */
const READER: Caller = { kind: 'aws', name: 'console' }
