import { useEffect, useState } from 'preact/hooks'
import type { Page } from '../pages.ts'
import type { View } from '../view.ts'
import { Bar } from './bar.tsx'
import { useLive } from './connection.ts'
import { Header } from './header.tsx'
import { Home } from './home.tsx'
import { JobPage } from './job/page.tsx'
import { Notices } from './notices.tsx'
import { RollOutPage } from './roll-out.tsx'
import { useHeadingFocus, useRoute } from './route.tsx'
import { ServicePage } from './service/page.tsx'
import { TeamPage } from './team/page.tsx'
import { sayTimesIn } from './time.ts'

/** The heading that every page has, where its reading begins. */
const HEADINGS: Record<Page['page'], string> = {
  home: 'services-title',
  team: 'page-title',
  service: 'page-title',
  job: 'page-title',
  'roll-out': 'page-title',
}

export function App() {
  const { path, page } = useRoute()
  const [watching, watch] = useState<string | undefined>()
  const { view, connected } = useLive(
    page?.page === 'roll-out' ? page.name : watching,
    page?.page === 'service' ? page.name : undefined,
  )
  useHeadingFocus(path, page === undefined ? 'page-title' : HEADINGS[page.page])
  useEffect(() => {
    if (view !== undefined) document.title = titleOf(page, view)
  }, [view?.environment.name, path])
  const isShown = view !== undefined
  useEffect(() => {
    if (isShown) performance.mark('drawn')
  }, [isShown])
  if (isShown) sayTimesIn(view.environment.timeZone)
  if (view === undefined) return <Waiting connected={connected} />
  return (
    <>
      <SkipLink page={page} />
      <Header view={view} />
      <Notices view={view} connected={connected} />
      {view.play && connected && (
        <Bar services={view.services} teams={view.teams} alarms={view.alarms} play={view.play} />
      )}
      {page?.page === 'team' ? (
        <TeamPage key={page.name} name={page.name} view={view} />
      ) : page?.page === 'job' || (page?.page === 'service' && isJob(page.name, view)) ? (
        <JobPage key={page.name} name={page.name} view={view} />
      ) : page?.page === 'service' ? (
        <ServicePage key={page.name} name={page.name} view={view} />
      ) : page?.page === 'roll-out' ? (
        <RollOutPage key={page.name} name={page.name} view={view} />
      ) : (
        <Home view={view} watching={watching} watch={watch} />
      )}
      <Announcer timeline={view.timeline} />
    </>
  )
}

/** An address of a service leads to a job of that name too: whoever links does not know which it is. */
const isJob = (named: string, { teams }: View): boolean =>
  teams.some(({ jobs }) => jobs.some(({ name }) => name === named))

/** Where one is comes first: a row of tabs shows little more. */
const titleOf = (page: Page | undefined, { environment }: View): string =>
  [page && 'name' in page && page.name, 'Caretaker', environment.name].filter(Boolean).join(' · ')

const SkipLink = ({ page }: { page: Page | undefined }) =>
  page && 'name' in page ? (
    <a class="skip" href="#page-title">
      Skip to the {page.page}
    </a>
  ) : (
    <a class="skip" href="#services">
      Skip to the services
    </a>
  )

function Waiting({ connected }: { connected: boolean }) {
  return (
    <p class="waiting" role="status">
      {connected
        ? 'Loading the environment…'
        : 'The server does not answer. Start it with npm start, or npx caretaker console.'}
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
