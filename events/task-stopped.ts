import * as z from 'zod/mini'

/**
 * ECS: a task of a service stopped by itself: it could not start, its essential container exited,
 * or its health check failed. Tasks that ECS stops in the course of a deployment do not pass.
 * Delivered at least once, in any order; `detail.version` rises per task.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_task_events.html
 */
export const pattern = {
  source: ['aws.ecs'],
  'detail-type': ['ECS Task State Change'],
  detail: {
    lastStatus: ['STOPPED'],
    group: [{ prefix: 'service:' }],
    $or: [
      { stopCode: ['TaskFailedToStart', 'EssentialContainerExited'] },
      { stoppedReason: [{ prefix: 'Task failed' }] },
    ],
  },
}

export const schema = z.looseObject({
  'detail-type': z.literal('ECS Task State Change'),
  resources: z.tuple([z.string()]),
  detail: z.looseObject({
    taskArn: z.string(),
    clusterArn: z.string(),
    group: z.string(),
    stopCode: z.optional(z.string()),
    stoppedReason: z.optional(z.string()),
  }),
})

export type TaskStopped = z.infer<typeof schema>
