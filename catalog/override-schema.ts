import * as z from 'zod'

const properties = z.record(z.string(), z.unknown())

/** What no key is for, by CloudFormation's names; `override-checks.ts` holds it against its schema. */
export const override = z.strictObject({
  task: properties
    .optional()
    .describe('properties of AWS::ECS::TaskDefinition, such as { PidMode: task }'),
  service: properties
    .optional()
    .describe('properties of AWS::ECS::Service, such as { AvailabilityZoneRebalancing: ENABLED }'),
  containers: z
    .record(z.string(), properties)
    .optional()
    .describe(
      'the service or a sidecar by name, each with properties of its container, such as { User: "1000" }',
    ),
})

export type Override = z.infer<typeof override>
