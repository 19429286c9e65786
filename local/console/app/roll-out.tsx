import { HOME } from '../pages.ts'
import type { View } from '../view.ts'
import { Watched } from './execution/pane.tsx'
import { Link } from './route.tsx'

/** One execution of a state machine on a page of its own: nothing newer takes its place. */
export function RollOutPage({ name, view }: { name: string; view: View }) {
  const { execution, machine, clock } = view
  const isThis = execution !== null && machine !== null && execution.arn.endsWith(`:${name}`)
  return (
    <main class="page">
      <nav class="crumbs" aria-label="Where this is">
        <Link to={HOME}>All services</Link>
      </nav>
      <div class="page-head">
        <h2 id="page-title" tabIndex={-1}>
          {execution === null ? `There is no roll-out ${name}` : 'Roll-out'}
        </h2>
        {execution === null && (
          <p class="soft">Executions are kept as long as the simulation runs.</p>
        )}
      </div>
      {isThis && (
        <section class="pane execution" aria-label="Execution">
          <Watched key={execution.arn} execution={execution} machine={machine} now={clock.now} />
        </section>
      )}
    </main>
  )
}
