import * as z from 'zod'
import { VARIABLE_NAME } from './words.ts'

/** What a container is told: its command, its variables, its secrets. */

/** YAML's numbers and booleans are meant as text here. */
const variable = z
  .union([z.string().max(4096), z.number(), z.boolean()])
  .transform(String)
  .describe('text of up to 4096 characters, a number, true or false')

export const variables = z.record(VARIABLE_NAME, variable).describe('variables by name')

/**
 * Words of a command, as the image's `CMD` and `ENTRYPOINT` have them: no shell reads them.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
 */
export const words = z.array(z.string()).min(1)

/**
 * An image of somebody else: by its digest, since what a tag names may change, and nobody would know.
 */
export const IMAGE_DIGEST = z
  .string()
  .regex(/^[\w.-]+(:\d+)?(\/[\w.-]+)*(:[\w.-]+)?@sha256:[0-9a-f]{64}$/)

/** The secret with the user and password of a registry: `{ "username": …, "password": … }`. */
export const pullSecret = z
  .string()
  .regex(
    /^[\w/+=.@!-]{1,512}$|^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@!-]+$/,
  )
  .optional()
  .describe(
    'a secret of Secrets Manager with username and password of a private registry, by name or ARN',
  )

/** A key of KMS that is not AWS's own: reading what it encrypts needs a right of its own. */
const encryptedBy = z
  .string()
  .regex(/^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+$/)
  .optional()
  .describe('the ARN of the KMS key, where it is not AWS’s own (aws/ssm, aws/secretsmanager)')

/**
 * Where a value is that exists already.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specifying-sensitive-data.html
 */
const existing = z.strictObject({
  parameter: z
    .string()
    .regex(/^(\/?[\w.-]+)(\/[\w.-]+)*$|^arn:aws[a-z-]*:ssm:[a-z0-9-]+:\d{12}:parameter\/[\w./-]+$/)
    .optional()
    .describe('a parameter of Systems Manager by its name, such as /shop/smtp, or its ARN'),
  secret: z
    .string()
    .regex(
      /^[\w/+=.@!-]{1,512}$|^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@!-]+$/,
    )
    .optional()
    .describe('a secret of Secrets Manager by its name, such as shop/smtp, or its ARN'),
  key: z
    .string()
    .regex(/^[^\s:]+$/)
    .optional()
    .describe('the key of its JSON, such as password (the whole text when absent)'),
  of: z
    .string()
    .optional()
    .describe('another service, whose new secret or URL (as) of this name it shares'),
  encryptedBy,
})

export type Existing = z.infer<typeof existing>

/** A list of new ones, or by variable where each value is. */
export const secrets = z
  .union([
    z.array(VARIABLE_NAME),
    z.record(
      VARIABLE_NAME,
      z
        .union([z.literal('new'), existing])
        .describe('new (its value is put in by hand), or parameter, secret or of: where it is'),
    ),
  ])
  .describe(
    'names of variables whose values are put into Secrets Manager by hand; or each name with where its value is',
  )
