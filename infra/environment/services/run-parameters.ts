import { Aws, CfnCondition, CfnParameter, Fn, Stack } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import type { Service } from '../../../catalog/schema.ts'
import { PLACEHOLDER } from '../../../domain/image.ts'

/** Never started: the service has no tasks until its first image is pushed (ADR 0005). */
const PLACEHOLDER_IMAGE = 'public.ecr.aws/docker/library/busybox:stable'

/**
 * What Caretaker, a schedule or a person decides about a service, and not the catalog: its image and
 * its number of tasks. `npx caretaker environment deploy` fills these parameters with what runs now, so that a
 * deployment changes everything else: docs/adr/0011-what-runs-is-a-parameter.md
 */
export type RunParameters = {
  /** Undefined, with the two that follow, where the catalog names an image of somebody else. */
  image?: string
  /** The tag the image was pushed under, for readers of the task definition. */
  imageTag?: string
  /** The placeholder's while there is no image of the service's own, then none. */
  dockerLabels?: Record<string, string>
  desiredCount: number
}

/**
 * Declares the parameters; their defaults are a service nobody has pushed an image to. One with an
 * image of somebody else waits for no push: its tasks start with its stack.
 */
export function runParameters(
  scope: Construct,
  { image, count, scaling }: Pick<Service, 'image' | 'count' | 'scaling'>,
): RunParameters {
  if (image === undefined) return { ...pushedImage(scope), desiredCount: wanted(scope, 0) }
  return { desiredCount: wanted(scope, Math.max(count, scaling?.min ?? 0)) }
}

function wanted(scope: Construct, first: number): number {
  return new CfnParameter(Stack.of(scope), 'DesiredCount', {
    type: 'Number',
    default: first,
    minValue: 0,
    description: 'How many tasks are wanted now; 0 while it is asleep',
  }).valueAsNumber
}

function pushedImage(scope: Construct) {
  const stack = Stack.of(scope)
  const image = new CfnParameter(stack, 'Image', {
    default: PLACEHOLDER_IMAGE,
    description: 'The image that runs now',
  })
  const imageTag = new CfnParameter(stack, 'ImageTag', {
    default: 'placeholder',
    description: 'The tag it was pushed under',
  })
  const neverDeployed = new CfnCondition(stack, 'NeverDeployed', {
    expression: Fn.conditionEquals(image.valueAsString, PLACEHOLDER_IMAGE),
  })
  return {
    image: image.valueAsString,
    imageTag: imageTag.valueAsString,
    dockerLabels: {
      [PLACEHOLDER]: Fn.conditionIf(neverDeployed.logicalId, 'true', Aws.NO_VALUE).toString(),
    },
  }
}
