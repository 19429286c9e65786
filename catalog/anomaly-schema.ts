import * as z from 'zod'

/** Above so many US dollars more than expected people are told; AWS's own monitor says 100. */
const USUAL_USD = 20

/**
 * Cost Anomaly Detection: what AWS's models find unusual is told. Nothing where it is absent, because
 * which monitor an account may have is not known when the templates are made, and a wrong one fails
 * the deployment.
 * https://docs.aws.amazon.com/cost-management/latest/userguide/getting-started-ad.html#monitor-type-def
 */
export const anomalies = z.strictObject({
  /**
   * `owner`: each team by itself, which AWS allows in no member account of an organisation.
   * `service`: each AWS service of the account; an account has one such monitor at the most, and AWS
   * makes it for whoever begins to use Cost Explorer. An ARN: one that is there.
   */
  monitor: z
    .string()
    .regex(/^(owner|service|arn:aws[a-z-]*:ce::\d{12}:anomalymonitor\/[\w-]+)$/)
    .describe('owner, service, or the ARN of a monitor that is there'),
  above: z
    .number()
    .positive()
    .max(1_000_000)
    .default(USUAL_USD)
    .describe('US dollars more than expected, up to 1000000'),
})
