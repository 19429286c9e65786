import * as z from 'zod/mini'
import { push } from '../../domain/table/record.ts'
import { instant } from '../../domain/time.ts'
import { schema as imagePushed } from '../../events/image-pushed.ts'
import { schema as rollOutEnded } from '../../events/roll-out-ended.ts'

export const environment = z.object({ TABLE_NAME: z.string(), ROLL_OUT_MACHINE: z.string() })

const id = z.string()

const pushed = z.pipe(
  z.extend(imagePushed, { id }),
  z.transform(({ id, detail, time }) => ({
    id,
    push: push.parse({
      repository: detail['repository-name'],
      tag: detail['image-tag'],
      digest: detail['image-digest'],
      at: instant(time),
    }),
  })),
)

const ended = z.pipe(
  z.looseObject({ id, source: z.literal('caretaker'), detail: rollOutEnded }),
  z.transform(({ id, detail }) => ({ id, ended: detail })),
)

/** An image was pushed, or a roll-out ended that pushes have been waiting for. */
export const event = z.union([pushed, ended])
