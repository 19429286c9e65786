import * as z from 'zod'
import { milliseconds } from '../../scenario/instant.ts'
import { AwsError } from '../errors.ts'
import type { ImageDescription } from './image.ts'

const PREFIX = 'caretaker.'

/** Labels of Caretaker's own that say nothing of how an image behaves. */
const OTHERS = ['caretaker.placeholder', 'caretaker.verify']

const BEHAVIOURS = ['healthy', 'crashes', 'unhealthy', 'never-starts'] as const

const seconds = z
  .string()
  .refine((text) => milliseconds(text) !== undefined)
  .transform((text) => (milliseconds(text) ?? 0) / 1000)
const SECONDS = 'a duration such as 40s or 1m30s'

/** `CRITICAL=1,HIGH=2` */
const findings = z
  .string()
  .regex(/^[A-Z]+=\d{1,3}(,[A-Z]+=\d{1,3})*$/)
  .transform((text) =>
    Object.fromEntries(
      text.split(',').map((one): [string, number] => {
        const [severity = '', count] = one.split('=')
        return [severity, Number(count)]
      }),
    ),
  )

type Label = {
  read: z.ZodType<unknown, string>
  member: keyof ImageDescription
  /** What an error shows as allowed. */
  allowed: string
}

/** The labels that say how an image behaves, as docs/push-a-real-image.md lists them. */
const LABELS: Readonly<Record<string, Label>> = {
  'caretaker.behaviour': {
    read: z.enum(BEHAVIOURS),
    member: 'behaviour',
    allowed: BEHAVIOURS.join(', '),
  },
  'caretaker.startup': { read: seconds, member: 'startup', allowed: SECONDS },
  'caretaker.shutdown': { read: seconds, member: 'shutdown', allowed: SECONDS },
  'caretaker.after': { read: seconds, member: 'after', allowed: SECONDS },
  'caretaker.exit-code': {
    read: z
      .string()
      .regex(/^\d{1,3}$/)
      .transform(Number)
      .refine((code) => code <= 255),
    member: 'exitCode',
    allowed: '0 to 255',
  },
  'caretaker.findings': {
    read: findings,
    member: 'findings',
    allowed: 'severities and how many, such as CRITICAL=1,HIGH=2',
  },
  'caretaker.logs': {
    read: z.string().transform((text) => text.split('\n')),
    member: 'logs',
    allowed: 'lines',
  },
}

/**
 * How an image behaves when it runs, by the labels of its configuration.
 *
 * @throws AwsError for a label that cannot be understood: a mistyped one would be a healthy image.
 */
export function describedBy(labels: unknown): ImageDescription {
  if (typeof labels !== 'object' || labels === null) return {}
  const own = Object.entries(labels).filter(([name]) => name.startsWith(PREFIX))
  return Object.fromEntries(
    own
      .filter(([name]) => !OTHERS.includes(name))
      .map(([name, value]) => {
        const label = Object.hasOwn(LABELS, name) ? LABELS[name] : undefined
        if (label === undefined) throw refused(name, `is none of ${Object.keys(LABELS).join(', ')}`)
        const read = label.read.safeParse(value)
        if (read.success) return [label.member, read.data]
        throw refused(name, `is ${JSON.stringify(value).slice(0, 80)}; allowed: ${label.allowed}`)
      }),
  )
}

const refused = (name: string, why: string): AwsError =>
  new AwsError(
    'InvalidParameterException',
    `The label ${name.slice(0, 80)} of the image, by which this simulation knows what it does, ${why}`,
  )
