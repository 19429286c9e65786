import type { HoldView } from '../../teams/view.ts'
import { Icon } from '../icon.tsx'
import type { Times } from '../time.ts'
import { Words } from '../words.tsx'

/** What is kept from happening, by whom, until when, and what ends it. */
export function HoldsPane({ holds, times: { say } }: { holds: HoldView[]; times: Times }) {
  return (
    <section class="pane holds" aria-labelledby="holds">
      <h3 id="holds">Holds</h3>
      {holds.length === 0 ? (
        <p class="empty">Nothing is held: pushes are rolled out, and schedules are kept.</p>
      ) : (
        <ul class="done">
          {holds.map(({ about, says, ends }) => (
            <li key={`${about}${says}`}>
              <p class="light">
                <Icon shape="held" tone="held" />
                <span>
                  <strong>{about}</strong>: <Words text={says} say={say} />.
                </span>
              </p>
              <p class="soft">
                <Words text={ends} say={say} />
              </p>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
