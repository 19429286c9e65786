import { AccessPoint, type IFileSystem } from 'aws-cdk-lib/aws-efs'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { Construct } from 'constructs'
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
  const accessPoint = new AccessPoint(scope, 'files', {
    fileSystem,
    path: `/${name}`,
    posixUser: { uid: USER, gid: USER },
    createAcl: { ownerUid: USER, ownerGid: USER, permissions: '750' },
  })
  return {
    variables: { FILES_PATH: path },
    permissions: [
      new PolicyStatement({
        actions: ['elasticfilesystem:ClientMount', 'elasticfilesystem:ClientWrite'],
        resources: [fileSystem.fileSystemArn],
        conditions: {
          StringEquals: { 'elasticfilesystem:AccessPointArn': accessPoint.accessPointArn },
        },
      }),
    ],
    volume: {
      name: 'files',
      path,
      efs: {
        fileSystemId: fileSystem.fileSystemId,
        transitEncryption: 'ENABLED',
        authorizationConfig: { accessPointId: accessPoint.accessPointId, iam: 'ENABLED' },
      },
    },
  }
}
