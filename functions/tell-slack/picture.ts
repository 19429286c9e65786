import { cut } from '../../domain/text.ts'
import { ask, Later } from './ask.ts'
import type { Context } from './context.ts'

/** Seconds until an upload that failed on its way is tried again. */
const UPLOAD_SECONDS = 30

/**
 * Puts a picture into Slack, for an image block of the bot's own message: it stays private.
 * https://docs.slack.dev/messaging/working-with-files
 *
 * @returns the file's id.
 */
export async function upload(context: Context, picture: Uint8Array, name: string): Promise<string> {
  const filename = cut(name.replaceAll(/[^\w.-]/g, '-'), 100)
  const { upload_url = '', file_id = '' } = await ask(
    context,
    'files.getUploadURLExternal',
    (slack) => slack.files.getUploadURLExternal({ filename, length: picture.byteLength }),
  )
  const body = new Uint8Array(picture)
  const { ok, status } = await context.fetch(upload_url, { method: 'POST', body })
  if (!ok) throw new Later(UPLOAD_SECONDS, `the upload of a picture was answered with ${status}`)
  await ask(context, 'files.completeUploadExternal', (slack) =>
    slack.files.completeUploadExternal({ files: [{ id: file_id, title: filename }] }),
  )
  return file_id
}
