import { useState } from 'preact/hooks'
import type { AskedAction } from '../actions.ts'
import type { PlayView, View } from '../view.ts'
import { useAsked } from './asked.ts'
import { ask } from './connection.ts'
import { Switch } from './switch.tsx'

type BadImage = Exclude<Extract<AskedAction, { action: 'push' }>['image'], 'good'>

const BAD_IMAGES: { image: BadImage; label: string }[] = [
  { image: 'crashes', label: 'crashes' },
  { image: 'unhealthy', label: 'fails its health check' },
  { image: 'never-starts', label: 'cannot be pulled' },
  { image: 'wrong-architecture', label: 'has the wrong architecture' },
]

type Props = Pick<View, 'services' | 'teams' | 'alarms'> & { play: PlayView }

/** Makes things happen in the environment. */
export function Bar({ services, teams, alarms, play: { faults, speed } }: Props) {
  const [said, say] = useState({ text: '', isError: false })
  const [isLosing, askToLose] = useAsked(faults.lose > 0)
  const tell = (action: AskedAction) => {
    ask(action).then(
      (text) => say({ text, isError: false }),
      (error: Error) => {
        askToLose(undefined)
        say({ text: error.message, isError: true })
      },
    )
  }
  const lose = (isAsked: boolean) => {
    askToLose(isAsked)
    tell({ action: 'faults', lose: isAsked ? 1 : 0 })
  }
  const isStill = speed === 'paused' && said.text !== '' && !said.isError
  return (
    <section class="bar" aria-label="Make something happen">
      <Push services={services} teams={teams} tell={tell} />
      <Raise alarms={alarms} tell={tell} />
      <div class="joined">
        <button type="button" onClick={() => tell({ action: 'edge', to: 'stopped' })}>
          Let night fall
        </button>
        <button type="button" onClick={() => tell({ action: 'edge', to: 'running' })}>
          Let morning come
        </button>
      </div>
      <Spend teams={teams} tell={tell} />
      <Make teams={teams} tell={tell} />
      <Switch label="Lose push events" isOn={isLosing} turn={lose} />
      <p class={said.isError ? 'said bad' : 'said'} role="status">
        {said.text}
        {isStill && '; time is paused'}
      </p>
    </section>
  )
}

type PushProps = Pick<Props, 'services' | 'teams'> & { tell(action: AskedAction): void }

function Push({ services, teams, tell }: PushProps) {
  // A job's repository has its name.
  const jobs = teams.flatMap((team) => team.jobs.map(({ name }) => name))
  const repositories = [
    ...new Set([...services.flatMap((service) => service.repositories), ...jobs]),
  ]
  const first = repositories.includes('orders') ? 'orders' : (repositories[0] ?? '')
  const [chosen, choose] = useState(first)
  const [typed, type] = useState<string | undefined>()
  const [bad, chooseBad] = useState<BadImage>('crashes')
  const follower = services.find((service) => service.repositories.includes(chosen))
  const tag = typed ?? tagFor(follower?.takes ?? 'main')
  const push = (image: 'good' | BadImage) =>
    tell({ action: 'push', repository: chosen, tag, image })
  return (
    <>
      <div class="image">
        <label>
          <span class="unseen">Repository</span>
          <select value={chosen} onChange={({ currentTarget }) => choose(currentTarget.value)}>
            {repositories.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
        <span aria-hidden="true">:</span>
        <label>
          <span class="unseen">Tag</span>
          <input
            value={tag}
            size={8}
            spellcheck={false}
            onInput={({ currentTarget }) => type(currentTarget.value)}
          />
        </label>
      </div>
      <button type="button" class="good" onClick={() => push('good')}>
        Push a good image
      </button>
      <div class="joined">
        <button type="button" class="bad" onClick={() => push(bad)}>
          Push a bad image
        </button>
        <label>
          <span class="unseen">The bad image</span>
          <select
            value={bad}
            onChange={({ currentTarget }) => chooseBad(currentTarget.value as BadImage)}
          >
            {BAD_IMAGES.map(({ image, label }) => (
              <option key={image} value={image}>
                {label}
              </option>
            ))}
          </select>
        </label>
      </div>
    </>
  )
}

/** A tag that the policy `caretaker:deploy` takes. */
function tagFor(takes: string): string {
  if (takes.startsWith('glob:')) return takes.slice(5).replaceAll('*', '1').replaceAll('?', '1')
  if (!takes.startsWith('semver:')) return takes === 'off' ? 'main' : takes
  const numbers = /\d+(\.\d+)*/.exec(takes)?.[0].split('.') ?? ['1']
  return [...numbers, '0', '0'].slice(0, 3).join('.')
}

/** Sets an alarm to red, as the AWS CLI can; its next data decides whether it stays so. */
function Raise({ alarms, tell }: Pick<Props, 'alarms'> & { tell(action: AskedAction): void }) {
  const [chosen, choose] = useState<string | undefined>()
  const name = chosen ?? alarms.find((one) => one.endsWith('orders-memory')) ?? alarms[0]
  if (name === undefined) return null
  return (
    <div class="joined">
      <button type="button" class="bad" onClick={() => tell({ action: 'alarm', name })}>
        Raise an alarm
      </button>
      <label>
        <span class="unseen">The alarm</span>
        <select value={name} onChange={({ currentTarget }) => choose(currentTarget.value)}>
          {alarms.map((one) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </select>
      </label>
    </div>
  )
}

type Told = { tell(action: AskedAction): void }

/** Billing shows more for a team: a step of its budget's ladder with each press. */
function Spend({ teams, tell }: Pick<Props, 'teams'> & Told) {
  const [chosen, choose] = useState<string | undefined>()
  const names = teams.flatMap(({ name, budgets }) =>
    budgets.some(({ about }) => about === name) ? [name] : [],
  )
  const team = chosen ?? names.at(-1)
  if (team === undefined) return null
  return (
    <div class="joined">
      <button type="button" class="bad" onClick={() => tell({ action: 'overspend', team })}>
        Overspend
      </button>
      <label>
        <span class="unseen">The team that overspends</span>
        <select value={team} onChange={({ currentTarget }) => choose(currentTarget.value)}>
          {names.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </select>
      </label>
    </div>
  )
}

/** A member of a team starts an instance by hand. */
function Make({ teams, tell }: Pick<Props, 'teams'> & Told) {
  const by = teams.flatMap(({ members }) => members).at(-1) ?? teams[0]?.operators[0]
  if (by === undefined) return null
  return (
    <button type="button" onClick={() => tell({ action: 'make', by })}>
      Start an untagged instance
    </button>
  )
}
