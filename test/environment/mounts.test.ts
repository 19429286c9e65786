import type { DescribeAccessPointsResponse, DescribeFileSystemsResponse } from '@aws-sdk/client-efs'
import { beforeAll, describe, expect, it } from 'vitest'
import { templatesOf } from '../../local/simulation/synth.ts'
import { catalogOf } from '../kits/catalog.ts'
import { Rights } from '../kits/rights.ts'
import { PERSON, Stage } from '../kits/roll-outs.ts'
import { taskDefinition } from '../kits/services.ts'
import { ofType, template } from '../kits/synth.ts'

const NGINX = `public.ecr.aws/nginx/nginx@sha256:${'0123456789abcdef'.repeat(4)}`

/** WordPress keeps what is uploaded; a second service reads it, and a third has nothing of it. */
const SERVICES: Record<string, string> = {
  shop: `team: ordering
files: /data
mounts:
  scratch: /var/scratch
  uploads: { path: /app/uploads, on: files }
  themes: { path: /app/themes, on: files, readOnly: true }
sidecars:
  nginx: { image: ${NGINX}, port: 80, mounts: { uploads: { path: /srv/uploads, readOnly: true } } }
`,
  gallery: 'team: ordering\nmounts: { uploads: { path: /images, of: shop, readOnly: true } }\n',
  other: 'team: ordering\nmounts: { uploads: { path: /mine, on: files } }\n',
}

let assembly: string
beforeAll(async () => {
  const files = Object.entries(SERVICES).map(([name, yaml]) => [`services/${name}.yaml`, yaml])
  assembly = await templatesOf(catalogOf(Object.fromEntries(files)), { isValidated: true })
})
const stackOf = (name: string) => template(`DevService-${name}`, Promise.resolve(assembly))

const rootsOf = async (name: string) =>
  ofType(await stackOf(name), 'AWS::EFS::AccessPoint').map(
    ([, { Properties: one }]) => (one?.RootDirectory as { Path: string } | undefined)?.Path,
  )

async function mountsOf(name: string) {
  const { ContainerDefinitions, Volumes } = taskDefinition(await stackOf(name)) as unknown as {
    ContainerDefinitions: { Name: string; MountPoints?: object[] }[]
    Volumes: { Name: string; EFSVolumeConfiguration?: object }[]
  }
  return {
    points: Object.fromEntries(
      ContainerDefinitions.map((one) => [one.Name, one.MountPoints ?? []] as const),
    ),
    kept: Volumes.filter((one) => one.EFSVolumeConfiguration !== undefined).map((one) => one.Name),
  }
}

describe('several mounts of one service', () => {
  it('each that is kept is a directory of its own, and the disk’s stay on the disk', async () => {
    expect(await rootsOf('shop')).toEqual(['/shop', '/shop.uploads', '/shop.themes'])
    const { points, kept } = await mountsOf('shop')
    expect(kept).toEqual(['files', 'uploads', 'themes'])
    expect(points.shop).toEqual([
      { ContainerPath: '/data', ReadOnly: false, SourceVolume: 'files' },
      { ContainerPath: '/app/uploads', ReadOnly: false, SourceVolume: 'uploads' },
      { ContainerPath: '/app/themes', ReadOnly: true, SourceVolume: 'themes' },
      { ContainerPath: '/var/scratch', ReadOnly: false, SourceVolume: 'scratch' },
    ])
    expect(points.nginx).toEqual([
      { ContainerPath: '/srv/uploads', ReadOnly: true, SourceVolume: 'uploads' },
    ])
  })

  it('one service mounts the directory of another, by an access point of its own', async () => {
    expect(await rootsOf('gallery')).toEqual(['/shop.uploads'])
    expect(await rootsOf('other')).toEqual(['/other.uploads'])
    expect((await mountsOf('gallery')).points.gallery).toEqual([
      { ContainerPath: '/images', ReadOnly: true, SourceVolume: 'uploads' },
    ])
  })
})

describe('what they may, and that they run', () => {
  it('who only reads may not write, and nobody enters by another’s access point', async () => {
    const rights = await Rights.open({ assembly })
    const { aws } = rights.simulation
    const ask = <Output>(operation: string) => aws.call<Output>('efs', operation, {}, PERSON)
    const { FileSystems: [system] = [] } =
      await ask<DescribeFileSystemsResponse>('DescribeFileSystems')
    const { AccessPoints = [] } = await ask<DescribeAccessPointsResponse>('DescribeAccessPoints')
    const point = (root: string, service: string): string => {
      const found = AccessPoints.find(
        ({ RootDirectory, Tags = [] }) =>
          RootDirectory?.Path === root && Tags.some(({ Value }) => Value === service),
      )
      if (found?.AccessPointArn === undefined) throw new Error(`${service} has no ${root}`)
      return found.AccessPointArn
    }
    const may = (service: string, action: string, arn: string) =>
      rights.may(
        `dev-${service}-task`,
        `elasticfilesystem:${action}`,
        system?.FileSystemArn ?? '',
        { 'elasticfilesystem:AccessPointArn': arn },
      )
    const uploads = point('/shop.uploads', 'shop')
    expect(may('shop', 'ClientWrite', uploads)).toBe(true)
    expect(may('shop', 'ClientMount', point('/shop.themes', 'shop'))).toBe(true)
    expect(may('shop', 'ClientWrite', point('/shop.themes', 'shop'))).toBe(false)
    const shared = point('/shop.uploads', 'gallery')
    expect(may('gallery', 'ClientMount', shared)).toBe(true)
    expect(may('gallery', 'ClientWrite', shared)).toBe(false)
    expect(may('other', 'ClientMount', uploads)).toBe(false)
  })

  it('both services are rolled out with them', async () => {
    const stage = await Stage.open({ assembly })
    stage.push(undefined, 'shop')
    stage.push(undefined, 'gallery')
    await stage.minutes(15)
    expect(await stage.service('shop')).toMatchObject({ healthy: true })
    expect(await stage.service('gallery')).toMatchObject({ healthy: true })
  })
})
