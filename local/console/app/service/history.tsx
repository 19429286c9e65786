import { rollOutPath } from '../../../../domain/console-pages.ts'
import { shortDigest } from '../../../../domain/image.ts'
import type { VerdictView } from '../../service/view.ts'
import { Icon } from '../icon.tsx'
import { Link } from '../route.tsx'
import { shapeOf } from '../shapes.ts'
import type { Times } from '../time.ts'
import { Words } from '../words.tsx'

/** What became of each push and of each act that named an image, newest first, with its reason. */
export function HistoryPane({ history, times: { say } }: { history: VerdictView[]; times: Times }) {
  return (
    <section class="pane" aria-labelledby="history">
      <h3 id="history">History</h3>
      {history.length === 0 && <p class="empty">Nothing was pushed for it yet.</p>}
      <ol class="done">
        {history.map(({ at, tag, digest, word, tone, reason, by, execution }) => (
          <li key={`${at}${tag}${digest}`}>
            <p class="light">
              <Icon shape={shapeOf(tone)} tone={tone} />
              <span>
                <time dateTime={at}>{say(at)}</time>: {tag} <code>{shortDigest(digest)}</code>{' '}
                <strong>{word}</strong>
                {by && <>, asked for by {by}</>}
                {execution && (
                  <>
                    {' '}
                    <Link to={rollOutPath(execution)}>
                      as it went<span class="unseen"> with {shortDigest(digest)}</span>
                    </Link>
                  </>
                )}
              </span>
            </p>
            {reason && (
              <p class="soft">
                <Words text={reason} say={say} />
              </p>
            )}
          </li>
        ))}
      </ol>
    </section>
  )
}
