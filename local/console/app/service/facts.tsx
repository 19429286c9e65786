import type { ServicePageView } from '../../service/view.ts'
import { Icon } from '../icon.tsx'
import { shapeOf } from '../shapes.ts'
import type { Times } from '../time.ts'
import { Words } from '../words.tsx'

type Props = { service: ServicePageView; times: Times }

/** The three lights with the sentences behind them, sleep, circuit, and what it needs. */
export function FactsPane({ service: { facts }, times: { say } }: Props) {
  return (
    <section class="pane" aria-labelledby="facts">
      <h3 id="facts">How it is</h3>
      <dl class="facts">
        {facts.map(({ name, says, tone }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd class="light">
              <Icon shape={shapeOf(tone)} tone={tone} />
              <span>
                <Words text={says} say={say} />
              </span>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

/** Its alarms, red ones first. */
export function AlarmsPane({ alarms }: Pick<ServicePageView, 'alarms'>) {
  return (
    <section class="pane" aria-labelledby="alarms">
      <h3 id="alarms">Alarms</h3>
      {alarms.length === 0 && <p class="empty">It has none.</p>}
      <ul class="done">
        {alarms.map(({ name, isRed, why }) => (
          <li key={name}>
            <p class={isRed ? 'light bad' : 'light'}>
              <Icon shape={isRed ? 'cross' : 'check'} tone={isRed ? 'bad' : 'good'} />
              <span>
                {name} {isRed ? 'is red' : 'is not red'}
              </span>
            </p>
            {isRed && <p class="soft">{why}</p>}
          </li>
        ))}
      </ul>
    </section>
  )
}
