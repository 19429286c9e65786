import * as z from 'zod/mini'
import { SUBJECTS } from '../domain/tagging/session.ts'

/**
 * CloudTrail: a pipeline has begun a session by the token that its own service has signed for it, which
 * says the repository. Pods of Kubernetes begin theirs by the same call, every hour each, and are not
 * meant. It comes to the Region whose endpoint of STS was asked, and only while a trail logs it: AWS
 * counts it as a read.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-integration.html
 */
export const pattern = {
  source: ['aws.sts'],
  'detail-type': ['AWS API Call via CloudTrail'],
  detail: {
    eventSource: ['sts.amazonaws.com'],
    eventName: ['AssumeRoleWithWebIdentity'],
    errorCode: [{ exists: false }],
    userIdentity: { userName: SUBJECTS.map((prefix) => ({ prefix })) },
  },
}

export const schema = z.looseObject({
  'detail-type': z.literal('AWS API Call via CloudTrail'),
  detail: z.looseObject({
    eventName: z.literal('AssumeRoleWithWebIdentity'),
    eventTime: z.string(),
    userIdentity: z.looseObject({ userName: z.string() }),
    responseElements: z.looseObject({
      credentials: z.looseObject({ accessKeyId: z.string() }),
    }),
  }),
})
