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
  ['timeline', 'Timeline'],
  ['slack', 'Slack'],
  ['execution', 'Execution'],
] as const

/** With more services than that, what stood below them would not be found. */
const MANY = 16

const channelsIn = (teams: View['teams']): string =>
  [...new Set(teams.map(({ channel }) => channel))].join(', ')

/** Of an account Slack's messages are not read. */
const SlackElsewhere = ({ teams }: Pick<View, 'teams'>) => (
  <section id="slack" class="pane" aria-labelledby="slack-title" tabIndex={-1}>
    <h2 id="slack-title">Slack</h2>
    <p class="empty">
      What Caretaker has told is in Slack itself: {channelsIn(teams)}. This console has no token to
      read it; each roll-out’s page says where it was told.
    </p>
  </section>
)

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
      <main class={services.length > MANY ? 'home many' : 'home'}>
        <div class="column">
          <ServicesPane services={services} teams={teams} />
          {services.length <= MANY && <SleepPane sleep={sleep} timeZone={environment.timeZone} />}
        </div>
        <div class="column">
          <div class="beside">
            <TimelinePane
              stories={timeline}
              services={services.map(({ name }) => name)}
              now={clock.now}
              timeZone={environment.timeZone}
              watch={watch}
            />
            {channels !== null && (
              <SlackPane channels={channels} people={people} timeZone={environment.timeZone} />
            )}
          </div>
          <ExecutionPane view={view} watching={watching} watch={watch} />
          {services.length > MANY && <SleepPane sleep={sleep} timeZone={environment.timeZone} />}
          {channels === null && <SlackElsewhere teams={teams} />}
        </div>
      </main>
    </>
  )
}
