import { useLayoutEffect, useState } from 'preact/hooks'
import { HOME } from '../../../domain/console-pages.ts'
import type { Speed } from '../../simulation/pace.ts'
import type { PlayView, View } from '../view.ts'
import { useAsked } from './asked.ts'
import { ask } from './connection.ts'
import { Link } from './route.tsx'
import { day, clock as time } from './time.ts'

const SPEEDS: { speed: Speed; label: string; name: string }[] = [
  { speed: 'paused', label: '❚❚', name: 'Pause' },
  { speed: 1, label: '1×', name: 'Real time' },
  { speed: 10, label: '10×', name: 'Ten times as fast' },
  { speed: 60, label: '60×', name: 'Sixty times as fast' },
  { speed: 'flat-out', label: 'Max', name: 'As fast as possible' },
]

const SKIPS = [
  { seconds: 60, label: '+1 min', name: 'Skip one minute' },
  { seconds: 3600, label: '+1 h', name: 'Skip one hour' },
]

/** The usual speeds, and the present one if it is another. */
function speedsBeside(speed: Speed): typeof SPEEDS {
  if (SPEEDS.some((one) => one.speed === speed)) return SPEEDS
  const present = { speed, label: `${speed}×`, name: `${speed} times as fast` }
  const at = SPEEDS.findIndex((one) => one.speed === 'flat-out' || one.speed > speed)
  return SPEEDS.toSpliced(at, 0, present)
}

export function Header({ view }: { view: View }) {
  const { clock, environment, play, reader } = view
  return (
    <header class="top">
      <h1>
        <svg class="mark" viewBox="0 0 16 16" aria-hidden="true">
          <rect width="16" height="16" rx="4" />
          <path d="M4.5 8.2l2.4 2.4 4.6-5" />
        </svg>
        <Link to={HOME}>Caretaker</Link>
      </h1>
      <p class="environment">
        <strong>{environment.name}</strong> <span>{environment.region},</span>{' '}
        {play === null ? <>account {environment.account}</> : 'simulated'}
      </p>
      {play === null ? (
        <p class="as-of">
          As of <time dateTime={clock.now}>{time(clock.now)}</time>{' '}
          <span>
            {day(clock.now)} {environment.timeZone}
          </span>
          {reader.name && <span class="reader">{reader.name}</span>}
        </p>
      ) : (
        <Clock now={clock.now} play={play} timeZone={environment.timeZone} />
      )}
      <Theme />
    </header>
  )
}

type ClockProps = { now: string; play: PlayView; timeZone: string }

function Clock({ now, play, timeZone }: ClockProps) {
  const [speed, askFor] = useAsked(play.speed)
  const choose = (asked: Speed) => {
    askFor(asked)
    ask({ action: 'speed', speed: asked }).catch(() => askFor(undefined))
  }
  return (
    <section class="clock" aria-label="Clock">
      <p>
        <time dateTime={now}>{time(now)}</time>{' '}
        <span>
          {day(now)} {timeZone}
        </span>
      </p>
      <fieldset class="segments">
        <legend class="unseen">Speed of time</legend>
        {speedsBeside(speed).map(({ speed: one, label, name }) => (
          <label key={label} title={name}>
            <input
              type="radio"
              name="speed"
              aria-label={name}
              checked={speed === one}
              onChange={() => choose(one)}
            />
            <span>{label}</span>
          </label>
        ))}
      </fieldset>
      {SKIPS.map(({ seconds, label, name }) => (
        <button
          key={label}
          type="button"
          class="plain"
          title={name}
          // Not `disabled`: a person who pressed it with the keyboard would lose the focus.
          aria-disabled={play.skipping}
          onClick={() => !play.skipping && void ask({ action: 'skip', seconds })}
        >
          {label}
        </button>
      ))}
    </section>
  )
}

type Scheme = 'light' | 'dark'

/** Follows the system until somebody chooses. */
function Theme() {
  const [chosen, choose] = useState(() => localStorage.getItem('scheme') as Scheme | null)
  const system: Scheme = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
  const scheme = chosen ?? system
  const other: Scheme = scheme === 'dark' ? 'light' : 'dark'
  useLayoutEffect(() => {
    document.documentElement.dataset.scheme = scheme
  }, [scheme])
  const toggle = () => {
    localStorage.setItem('scheme', other)
    choose(other)
  }
  return (
    <button type="button" class="plain theme" onClick={toggle}>
      {other === 'dark' ? 'Dark' : 'Light'}
    </button>
  )
}
