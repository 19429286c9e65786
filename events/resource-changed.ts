import * as z from 'zod/mini'

/**
 * CloudTrail: somebody has started, stopped, made or resized something, and AWS has taken it. Only
 * while a trail logs management events; minutes late, at best effort, in any order.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
 *
 * `RegisterScalableTarget` comes from Application Auto Scaling, which writes the name of EC2's.
 * https://docs.aws.amazon.com/autoscaling/application/userguide/logging-using-cloudtrail.html
 */
export const pattern = {
  source: ['aws.ec2', 'aws.rds', 'aws.ecs', 'aws.autoscaling'],
  'detail-type': ['AWS API Call via CloudTrail'],
  detail: {
    eventSource: [
      'ec2.amazonaws.com',
      'rds.amazonaws.com',
      'ecs.amazonaws.com',
      'autoscaling.amazonaws.com',
    ],
    errorCode: [{ exists: false }],
    $or: [
      {
        eventName: [
          ...['StartInstances', 'StopInstances', 'RunInstances'],
          ...['StartDBInstance', 'StopDBInstance', 'StartDBCluster', 'StopDBCluster'],
          ...['CreateService', 'RegisterScalableTarget'],
          ...['UpdateAutoScalingGroup', 'SetDesiredCapacity'],
        ],
      },
      // A deployment alone starts and stops nothing.
      {
        eventName: ['UpdateService'],
        requestParameters: { desiredCount: [{ exists: true }] },
      },
    ],
  },
}

const parameters = z.optional(z.nullable(z.record(z.string(), z.unknown())))

export const schema = z.looseObject({
  id: z.string(),
  'detail-type': z.literal('AWS API Call via CloudTrail'),
  detail: z.looseObject({
    eventName: z.string(),
    /** When the call was made; the event's own `time` is the same. */
    eventTime: z.string(),
    sourceIPAddress: z.optional(z.string()),
    userIdentity: z.looseObject({
      type: z.optional(z.string()),
      invokedBy: z.optional(z.string()),
      userName: z.optional(z.string()),
      principalId: z.optional(z.string()),
      sessionContext: z.optional(
        z.looseObject({
          sessionIssuer: z.optional(
            z.looseObject({ arn: z.optional(z.string()), userName: z.optional(z.string()) }),
          ),
        }),
      ),
    }),
    requestParameters: parameters,
    responseElements: parameters,
  }),
})

export type ResourceChanged = z.infer<typeof schema>
