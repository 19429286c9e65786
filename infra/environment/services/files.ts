import { AccessPoint, type IFileSystem } from 'aws-cdk-lib/aws-efs'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { Construct } from 'constructs'
import { keptMounts, type Mount } from '../../../catalog/mounts.ts'
import type { Service } from '../../../catalog/schema.ts'
import type { Supply } from './supply.ts'

/** The user that files belong to, whatever user the image has; the access point sets it. */
const USER = '1000'

/** `files: /data`: the directory `/<service>` of the file system, mounted over TLS at `/data`. */
export function filesSupply(
  scope: Construct,
  { name }: Service,
  { fileSystem, path }: { fileSystem: IFileSystem; path: string },
): Supply {
  const mount = { name: 'files', path, readOnly: false }
  return {
    variables: { FILES_PATH: path },
    ...directory(scope, 'files', { fileSystem, root: `/${name}`, mount }),
  }
}

/**
 * `mounts` that are kept: the directory `/<service>.<mount>`, which no service's own can be, since
 * names have no dot. Whoever mounts another's has an access point of its own to the same.
 */
export function mountSupplies(
  scope: Construct,
  service: Service,
  fileSystem: IFileSystem,
): Supply[] {
  return keptMounts(service).map(({ of = service.name, ...mount }) =>
    directory(scope, `mount-${mount.name}`, {
      fileSystem,
      root: `/${of}.${mount.name}`,
      mount,
    }),
  )
}

type Directory = {
  fileSystem: IFileSystem
  /** Its path on the file system. */
  root: string
  mount: Pick<Mount, 'name' | 'path' | 'readOnly'>
}

/** A directory by an access point of its own, which its task may mount and, unless it only reads, write. */
function directory(scope: Construct, id: string, { fileSystem, root, mount }: Directory): Supply {
  const accessPoint = new AccessPoint(scope, id, {
    fileSystem,
    path: root,
    posixUser: { uid: USER, gid: USER },
    createAcl: { ownerUid: USER, ownerGid: USER, permissions: '750' },
  })
  const write = mount.readOnly ? [] : ['elasticfilesystem:ClientWrite']
  return {
    permissions: [
      new PolicyStatement({
        actions: ['elasticfilesystem:ClientMount', ...write],
        resources: [fileSystem.fileSystemArn],
        conditions: {
          StringEquals: { 'elasticfilesystem:AccessPointArn': accessPoint.accessPointArn },
        },
      }),
    ],
    volume: {
      ...mount,
      efs: {
        fileSystemId: fileSystem.fileSystemId,
        transitEncryption: 'ENABLED',
        authorizationConfig: { accessPointId: accessPoint.accessPointId, iam: 'ENABLED' },
      },
    },
  }
}
