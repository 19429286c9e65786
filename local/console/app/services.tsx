import { useState } from 'preact/hooks'
import { shortDigest } from '../../../domain/image.ts'
import { servicePath, teamPath } from '../pages.ts'
import type { TeamView } from '../teams/view.ts'
import type { Tone } from '../tone.ts'
import type { Light, ServiceView } from '../view.ts'
import { Attention } from './attention.tsx'
import { Icon, type Shape } from './icon.tsx'
import { Link } from './route.tsx'

type Props = { services: ServiceView[]; teams: TeamView[] }

/**
 * The services by team, each with three separate lights: a service that sleeps has not failed. A
 * team has a line of its own: what it has spent, and how its tags are.
 */
export function ServicesPane({ services: all, teams }: Props) {
  const [words, type] = useState('')
  const services = all.filter((one) => isMeant(one, words))
  const shown = teams.filter(
    ({ name }) => words === '' || services.some(({ owner }) => owner === name),
  )
  const names = new Set(teams.map(({ name }) => name))
  const others = services.filter(({ owner }) => !names.has(owner))
  return (
    <section id="services" class="pane services" aria-labelledby="services-title" tabIndex={-1}>
      <div class="title">
        <h2 id="services-title" tabIndex={-1}>
          Services
        </h2>
        {all.length > UNFILTERED && <Filter words={words} type={type} />}
      </div>
      <Attention services={all} teams={teams} />
      {words !== '' && (
        <p class="note" role="status">
          {services.length} of {all.length} services
        </p>
      )}
      <table>
        <thead>
          <tr>
            <th scope="col">Service</th>
            <th scope="col">As asked</th>
            <th scope="col">Healthy</th>
            <th scope="col">Awake</th>
          </tr>
        </thead>
        {shown.map((team) => (
          <tbody key={team.name}>
            <TeamRow team={team} />
            <Rows services={services.filter(({ owner }) => owner === team.name)} />
          </tbody>
        ))}
        {others.length > 0 && (
          <tbody>
            <tr class="of-team">
              <th scope="rowgroup" colSpan={4}>
                Without a team of the catalog
              </th>
            </tr>
            <Rows services={others} />
          </tbody>
        )}
      </table>
    </section>
  )
}

/** So many are read at a glance. */
const UNFILTERED = 10

/** Whether a service, or its team, has all the words in its name. */
const isMeant = ({ name, owner }: ServiceView, words: string): boolean =>
  words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => name.includes(word) || owner.includes(word))

const Filter = ({ words, type }: { words: string; type(words: string): void }) => (
  <label>
    <span class="unseen">Only services and teams with</span>
    <input
      type="search"
      placeholder="Filter"
      value={words}
      spellcheck={false}
      onInput={({ currentTarget }) => type(currentTarget.value)}
    />
  </label>
)

const TONES_OF_LINES: Record<Tone, string> = {
  good: '',
  going: '',
  quiet: '',
  held: 'held',
  bad: 'bad',
}

function TeamRow({ team: { name, budgets, holds, tags } }: { team: TeamView }) {
  const [budget] = budgets
  const lines = [
    { says: budget?.line.says ?? 'no budget', tone: budget?.line.tone ?? ('quiet' as const) },
    tags.line,
    ...(holds.length > 0
      ? [
          {
            says: `${holds.length} ${holds.length === 1 ? 'hold' : 'holds'}`,
            tone: 'held' as const,
          },
        ]
      : []),
  ]
  return (
    <tr class="of-team">
      <th scope="rowgroup" colSpan={4}>
        <Link to={teamPath(name)}>{name}</Link>
        <span class="runs">
          {lines.map(({ says, tone }, place) => (
            <span key={says}>
              {place > 0 && ' · '}
              <span class={TONES_OF_LINES[tone]}>{says}</span>
            </span>
          ))}
        </span>
      </th>
    </tr>
  )
}

const Rows = ({ services }: { services: ServiceView[] }) => (
  <>
    {services.map((service) => (
      <Row key={`${service.cluster}/${service.name}`} service={service} />
    ))}
  </>
)

function Row({ service }: { service: ServiceView }) {
  const { name, running, tasks, alarms, asAsked, healthy, awake } = service
  return (
    <tr>
      <th scope="row" title={`${service.cluster}, team ${service.owner}, takes ${service.takes}`}>
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
        </span>
        {alarms.map((alarm) => (
          <span key={alarm.name} class="light bad red-alarm" title={alarm.why}>
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
  no: 'cross',
  resting: 'moon',
  unknown: 'none',
}
const TONES: Record<Light['state'], string> = {
  yes: 'good',
  changing: 'going',
  no: 'bad',
  resting: 'quiet',
  unknown: 'quiet',
}

function LightCell({ light: { state, says, why } }: { light: Light }) {
  return (
    <span class={`light ${TONES[state]}`} title={why}>
      <Icon shape={SHAPES[state]} tone={TONES[state]} />
      {says}
    </span>
  )
}
