import { CfnParameter, Duration, Stack } from 'aws-cdk-lib'
import type { FargateService } from 'aws-cdk-lib/aws-ecs'
import type { Service } from '../../../catalog/schema.ts'

/**
 * `scaling`: as many tasks as keep the CPU at the percentage asked for.
 *
 * A scalable target raises its service to the lower bound at once, also one that has no image of
 * its own yet. So the bound is a parameter, zero until the deploy command knows that the service
 * has run; target tracking rounds up and leaves one task all the same.
 * https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html
 */
export function scale(
  ecsService: FargateService,
  { min, max, cpu }: NonNullable<Service['scaling']>,
  image: Service['image'],
): void {
  const least = new CfnParameter(Stack.of(ecsService), 'LeastTasks', {
    type: 'Number',
    // Somebody else's image waits for no push.
    default: image === undefined ? 0 : min,
    minValue: 0,
    maxValue: min,
    description: `0 before the first image, then ${min}`,
  })
  ecsService
    .autoScaleTaskCount({ minCapacity: least.valueAsNumber, maxCapacity: max })
    .scaleOnCpuUtilization('cpu', {
      targetUtilizationPercent: cpu,
      // Tasks are added fast and removed slowly: a developer's load test takes less than five minutes.
      scaleOutCooldown: Duration.minutes(1),
      scaleInCooldown: Duration.minutes(5),
    })
}
