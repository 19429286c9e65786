import * as z from 'zod/mini'
import { KEPT_PREFIX } from '../domain/kept-name.ts'

/**
 * ECR: an image was pushed with a tag. Delivered at best effort, and names no registry host; the
 * tag may have moved on by the time it arrives.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html
 *
 * Untagged pushes are the children of a multi-architecture image, pushed before its index: they
 * are never deployed by themselves, so they do not pass the pattern. Their tag is an empty text,
 * which `exists` would take: https://github.com/awslabs/cfn-ecr-aws-soci-index-builder/pull/137
 * Neither do the names that Caretaker gives to the images it runs. One `wildcard` leaves out both:
 * the members of a list are alternatives, and `prefix` takes no empty text.
 */
export const pattern = {
  source: ['aws.ecr'],
  'detail-type': ['ECR Image Action'],
  detail: {
    'action-type': ['PUSH'],
    result: ['SUCCESS'],
    'image-tag': [{ 'anything-but': { wildcard: ['', `${KEPT_PREFIX}*`] } }],
  },
}

export const schema = z.looseObject({
  account: z.string(),
  region: z.string(),
  time: z.string(),
  detail: z.looseObject({
    'repository-name': z.string(),
    'image-digest': z.string(),
    'image-tag': z.string(),
    'manifest-media-type': z.optional(z.string()),
    'artifact-media-type': z.optional(z.string()),
  }),
})
