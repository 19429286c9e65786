import * as z from 'zod/mini'

/**
 * ECS: a service's deployment began, completed or failed. Delivered at least once, in any order.
 * COMPLETED may be the roll-back's: only `DescribeServiceDeployments` tells whose it was.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_deployment_events.html
 */
export const pattern = {
  source: ['aws.ecs'],
  'detail-type': ['ECS Deployment State Change'],
  detail: { eventName: ['SERVICE_DEPLOYMENT_COMPLETED', 'SERVICE_DEPLOYMENT_FAILED'] },
}

export const schema = z.looseObject({
  'detail-type': z.literal('ECS Deployment State Change'),
  resources: z.tuple([z.string()]),
  detail: z.looseObject({
    eventName: z.string(),
    deploymentId: z.string(),
    reason: z.optional(z.string()),
  }),
})

export type DeploymentChanged = z.infer<typeof schema>
