import { servicePath, teamPath } from '../../../../domain/console-pages.ts'
import { shortDigest } from '../../../../domain/image.ts'
import { TONES } from '../../tone.ts'
import type { Light, ServiceView } from '../../view.ts'
import { Icon, type Shape } from '../icon.tsx'
import { Link } from '../route.tsx'
import { still } from '../still.tsx'
import { day, localized, minute } from '../time.ts'

/** A service in one line: what runs, and its three lights. What a light says in full is on its page. */
export const Row = still(OneRow)

function OneRow({ service, withTeam }: { service: ServiceView; withTeam: boolean }) {
  const { name, owner, running, tasks, alarms, day, asAsked, healthy, awake } = service
  return (
    <tr>
      <th scope="row">
        <span class="name">
          <Link to={servicePath(name)}>{name}</Link>
        </span>
        <span class="runs">
          {running === null ? (
            awake.state === 'resting' ? (
              'no tasks'
            ) : (
              'nothing yet'
            )
          ) : (
            <>
              {running.tag && <>{running.tag} </>}
              <code>{shortDigest(running.digest)}</code> {tasks.running}/{tasks.desired}
            </>
          )}
          {withTeam && owner && (
            <>
              {' '}
              · <Link to={teamPath(owner)}>{owner}</Link>
              {day && <> · {day.says} a day</>}
            </>
          )}
        </span>
        {alarms.map((alarm) => (
          <span key={alarm.name} class="light bad red-alarm">
            <Icon shape="cross" tone="bad" />
            {alarm.name} is red
          </span>
        ))}
      </th>
      <td>
        <LightCell light={asAsked} />
      </td>
      <td>
        <LightCell light={healthy} />
      </td>
      <td>
        <LightCell light={awake} />
      </td>
    </tr>
  )
}

const SHAPES: Record<Light['state'], Shape> = {
  yes: 'check',
  changing: 'going',
  held: 'held',
  no: 'cross',
  resting: 'moon',
  unknown: 'none',
}

/** What is not as it should be says why in words, for those who have no mouse to point with too. */
function LightCell({ light: { state, says, why } }: { light: Light }) {
  const isOdd = state === 'no' || state === 'held'
  return (
    <>
      <span class={`light ${TONES[state]}`} title={isOdd ? undefined : why}>
        <Icon shape={SHAPES[state]} tone={TONES[state]} />
        {says}
      </span>
      {isOdd && <span class="why">{localized(why, (at) => `${day(at)} ${minute(at)}`)}</span>}
    </>
  )
}
