import { shortDigest } from '../../../domain/image.ts'
import { dateAndTime } from '../../../domain/local-time.ts'
import type { MissingImage } from '../../../domain/table/missing-image.ts'
import { dotted, literal, outside } from '../markup.ts'
import type { Notice, Says } from '../notice.ts'
import type { Renderer } from '../renderer.ts'

const NOW =
  '*Now:* push an image, or go back to one that the registry has. Until then nothing is changed'
const REASON_CHARACTERS = 500

/** The one message about an image that runs and is not in the registry any more. */
function render({ detail, reason, owner, at }: MissingImage, { timeZone }: Says): Notice {
  const { service, cluster, repository, digest, tag } = detail
  const named = tag === undefined ? '' : ` \`${literal(tag)}\``
  const image = `${named} (\`${shortDigest(digest)}\`)`
  return {
    headline: `:warning: The image of *${literal(service)}*,${image}, is not in the registry any more`,
    sentences: [`*Why:* ${outside(reason, REASON_CHARACTERS)}`, NOW],
    footnote: dotted(
      `${literal(repository)} → ${literal(cluster)}`,
      `found ${dateAndTime(at, timeZone)} ${timeZone}`,
      owner === '' ? '' : `owner ${literal(owner)}`,
    ),
  }
}

/** Missing images in Slack. */
export const missingImageRenderer: Renderer<MissingImage> = {
  isTold: () => true,
  stands: () => true,
  render,
}
