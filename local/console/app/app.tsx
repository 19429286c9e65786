import { useEffect, useState } from 'preact/hooks'
import type { View } from '../view.ts'
import { Bar } from './bar.tsx'
import { useLive } from './connection.ts'
import { ExecutionPane } from './execution/pane.tsx'
import { Header } from './header.tsx'
import { ServicesPane } from './services.tsx'
import { SlackPane } from './slack/pane.tsx'
import { SleepPane } from './sleep.tsx'
import { TimelinePane } from './timeline.tsx'

export function App() {
  const [watching, watch] = useState<string | undefined>()
  const { view, connected } = useLive(watching)
  useEffect(() => {
    if (view !== undefined) document.title = `Caretaker · ${view.environment.name}`
  }, [view?.environment.name])
  if (view === undefined) return <Waiting connected={connected} />
  return (
    <>
      <a class="skip" href="#services">
        Skip to the services
      </a>
      <Header clock={view.clock} environment={view.environment} />
      {!connected && (
        <p class="lost" role="alert">
          The console has lost its simulation. It tries again every second; if you stopped it, start
          it with <code>npm start</code>.
        </p>
      )}
      <Bar
        services={view.services}
        alarms={view.alarms}
        faults={view.faults}
        speed={view.clock.speed}
      />
      <nav class="jump" aria-label="Panes">
        {[
          ['services', 'Services'],
          ['sleep', 'Sleep'],
          ['savings', 'Savings'],
          ['timeline', 'Timeline'],
          ['execution', 'Execution'],
          ['slack', 'Slack'],
        ].map(([id, name]) => (
          <a key={id} href={`#${id}`}>
            {name}
          </a>
        ))}
      </nav>
      <main>
        <ServicesPane services={view.services} />
        <SleepPane sleep={view.sleep} timeZone={view.environment.timeZone} />
        <TimelinePane
          stories={view.timeline}
          services={view.services.map(({ name }) => name)}
          watch={watch}
        />
        <ExecutionPane view={view} watching={watching} watch={watch} />
        <SlackPane
          channels={view.channels}
          people={view.people}
          timeZone={view.environment.timeZone}
        />
      </main>
      <Announcer timeline={view.timeline} />
    </>
  )
}

function Waiting({ connected }: { connected: boolean }) {
  return (
    <p class="waiting" role="status">
      {connected
        ? 'Loading the environment…'
        : 'The server does not answer. Start it with npm start.'}
    </p>
  )
}

/** Tells screen readers about verdicts, and about nothing else: the rest changes too often. */
function Announcer({ timeline }: Pick<View, 'timeline'>) {
  const verdict = timeline
    .flatMap(({ steps }) => steps)
    .filter(({ kind }) => kind === 'verdict')
    .reduce((last, step) => (step.at > last.at ? step : last), { at: '', text: '' })
  return (
    <p class="unseen" role="status">
      {verdict.text}
    </p>
  )
}
