import type { Existing } from './resource-type.ts'
import type { DeletionPolicy } from './template.ts'

/** A resource CloudFormation has made. */
export type DeployedResource = {
  logicalId: string
  type: string
  physicalId: string
  present: Existing
  tags: Record<string, string>
  deletionPolicy: DeletionPolicy
}

export type DeployedStack = {
  name: string
  id: string
  /** What was given for the template's parameters; a later deployment keeps what it does not give. */
  parameters: Record<string, string>
  outputs: Record<string, unknown>
  /** What other stacks import, by the export's name. */
  exports: Record<string, unknown>
  /** The exports of other stacks that it uses, by name. */
  imports: string[]
  /** In the order they were made. */
  resources: DeployedResource[]
}

/** Something a template asks for that has no effect here, and why that is harmless. */
export type NotSimulated = {
  stack: string
  logicalId: string
  type: string
  /** Absent when nothing of the resource is simulated but its id and attributes. */
  property?: string
  why: string
}

/** What is there after `deploy` or `update`. */
export type Deployed = {
  stacks: DeployedStack[]
  notSimulated: NotSimulated[]
  /** How many resources are of a type the local AWS does not know. */
  unknown: number
  /** The directory of a published asset, by its key in the assets bucket (`<hash>.zip`). */
  assets: (key: string) => string | undefined
}
