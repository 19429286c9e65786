import type { View } from '../view.ts'
import { ExecutionPane } from './execution/pane.tsx'
import { ServicesPane } from './services/pane.tsx'
import { SlackPane } from './slack/pane.tsx'
import { SleepPane } from './sleep.tsx'
import { TimelinePane } from './timeline.tsx'

type Props = { view: View; watching: string | undefined; watch(arn: string | undefined): void }

const PANES = [
  ['services', 'Services'],
  ['sleep', 'Sleep'],
  ['savings', 'Savings'],
  ['timeline', 'Timeline'],
  ['execution', 'Execution'],
  ['slack', 'Slack'],
] as const

const channelsIn = (teams: View['teams']): string =>
  [...new Set(teams.map(({ channel }) => channel))].join(', ')

/** Everything at once: services by team, sleep, pushes, one execution, Slack. */
export function Home({ view, watching, watch }: Props) {
  const { services, teams, sleep, environment, timeline, channels, people, clock } = view
  return (
    <>
      <nav class="jump" aria-label="Panes">
        {PANES.map(([id, name]) => (
          <a key={id} href={`#${id}`}>
            {name}
          </a>
        ))}
      </nav>
      <main>
        <ServicesPane services={services} teams={teams} />
        <SleepPane sleep={sleep} timeZone={environment.timeZone} />
        <TimelinePane
          stories={timeline}
          services={services.map(({ name }) => name)}
          now={clock.now}
          timeZone={environment.timeZone}
          watch={watch}
        />
        <ExecutionPane view={view} watching={watching} watch={watch} />
        {channels === null ? (
          <section id="slack" class="pane" aria-labelledby="slack-title" tabIndex={-1}>
            <h2 id="slack-title">Slack</h2>
            <p class="empty">
              What Caretaker has told is in Slack itself: {channelsIn(teams)}. This console has no
              token to read it.
            </p>
          </section>
        ) : (
          <SlackPane channels={channels} people={people} timeZone={environment.timeZone} />
        )}
      </main>
    </>
  )
}
