import * as z from 'zod/mini'
import { CREATIONS } from '../domain/tagging/created.ts'

const sources = Object.keys(CREATIONS)
const names = [...new Set(Object.values(CREATIONS).flatMap((one) => Object.keys(one)))]

/**
 * CloudTrail: somebody has made something, and AWS has taken it. Only while a trail logs management
 * events; minutes late, at best effort, in any order. What is global is made in us-east-1, and told
 * of there alone. The name counts with its source: `CreateCluster` is ECS's, EKS's and Redshift's.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
 */
export const pattern = {
  source: sources.map((one) => `aws.${one.replace('.amazonaws.com', '')}`),
  'detail-type': ['AWS API Call via CloudTrail'],
  detail: { eventSource: sources, eventName: names, errorCode: [{ exists: false }] },
}

const text = z.optional(z.string())
const parameters = z.optional(z.nullable(z.record(z.string(), z.unknown())))

export const schema = z.looseObject({
  id: z.string(),
  'detail-type': z.literal('AWS API Call via CloudTrail'),
  detail: z.looseObject({
    eventSource: z.string(),
    eventName: z.string(),
    /** When the call was made. */
    eventTime: z.string(),
    awsRegion: text,
    recipientAccountId: text,
    readOnly: z.optional(z.boolean()),
    errorCode: text,
    sourceIPAddress: text,
    userIdentity: z.looseObject({
      type: text,
      arn: text,
      invokedBy: text,
      userName: text,
      principalId: text,
      accessKeyId: text,
      sessionContext: z.optional(
        z.looseObject({
          sourceIdentity: text,
          sessionIssuer: z.optional(z.looseObject({ arn: text, userName: text })),
        }),
      ),
    }),
    requestParameters: parameters,
    responseElements: parameters,
  }),
})
