import * as z from 'zod'

const PORT = z.int().min(1).max(65_535)

const listener = z.strictObject({
  port: PORT.describe('1 to 65535: where the network load balancer listens'),
  protocol: z
    .enum(['tcp', 'tls', 'udp'])
    .optional()
    .describe('tcp, tls or udp (tls where the environment has a certificate, else tcp)'),
  to: PORT.optional().describe('1 to 65535: where the container listens (port when absent)'),
  container: z
    .string()
    .optional()
    .describe('the sidecar that takes what comes, such as proxy (the service itself when absent)'),
})

/** Of the network load balancer: a port, or several, each with how it is spoken to. */
export const nlb = z
  .union([
    PORT,
    // An ECS service may be in five target groups.
    // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/register-multiple-targetgroups.html
    z.array(listener).min(1).max(5),
  ])
  .describe('a port of the network load balancer, or a list of up to 5 with port, protocol, to')

/** One port, with what its file says of it. */
export type NlbListener = z.infer<typeof listener>
