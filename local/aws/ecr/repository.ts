import type {
  ImageScanFinding,
  ImageScanningConfiguration,
  ImageTagMutability,
  ImageTagMutabilityExclusionFilter,
} from '@aws-sdk/client-ecr'
import type { Manifest } from './manifest.ts'

type Scan = {
  status: 'PENDING' | 'IN_PROGRESS' | 'COMPLETE'
  completedAt?: Date
  findings: ImageScanFinding[]
}

export type StoredImage = {
  digest: string
  mediaType: string
  text: string
  manifest: Manifest
  pushedAt: Date
  scan?: Scan
}

export type Repository = {
  name: string
  arn: string
  uri: string
  createdAt: Date
  mutability: ImageTagMutability
  exclusions: ImageTagMutabilityExclusionFilter[]
  scanning: ImageScanningConfiguration
  encryption: { encryptionType: 'AES256' | 'KMS' | 'KMS_DSSE'; kmsKey?: string }
  lifecyclePolicy?: { text: string; evaluatedAt: Date }
  policy?: string
  tags: Record<string, string>
  images: Map<string, StoredImage>
  /** Digests of the configurations and layers that were pushed into it. */
  layers: Set<string>
  /** Tag -> digest, oldest first. */
  named: Map<string, string>
}
