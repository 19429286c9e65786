import { shortDigest } from '../../../domain/image.ts'
import type { MissingImage } from '../../../domain/table/missing-image.ts'
import { footer, literal, type Message, plain, section } from '../markup.ts'
import type { Renderer } from '../renderer.ts'

const NOW =
  '*Now:* push an image, or go back to one that the registry has. Until then nothing is changed'

/** The one message about an image that runs and is not in the registry any more. */
function render({ detail, reason, owner, at }: MissingImage): Message {
  const { service, cluster, repository, digest, tag } = detail
  const named = tag === undefined ? '' : ` \`${literal(tag)}\``
  const image = `${named} (\`${shortDigest(digest)}\`)`
  const headline = `:warning: The image of *${literal(service)}*,${image}, is not in the registry any more`
  const sentences = [`*Why:* ${literal(reason)}`, NOW]
  const seconds = Math.floor(Date.parse(at) / 1000)
  const found = `<!date^${seconds}^found {date_short_pretty} {time}|found ${at}>`
  return {
    text: [headline, ...sentences].map((one) => `${plain(one)}.`).join(' '),
    blocks: [
      section(headline),
      section(sentences.join('\n')),
      footer(
        [
          `${literal(repository)} → ${literal(cluster)}`,
          found,
          owner === '' ? '' : `owner ${literal(owner)}`,
        ]
          .filter(Boolean)
          .join(' · '),
      ),
    ],
  }
}

/** Missing images in Slack. */
export const missingImageRenderer: Renderer<MissingImage> = { isTold: () => true, render }
