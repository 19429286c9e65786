import { servicePath } from '../../../../domain/console-pages.ts'
import { restAct } from '../../service/rest-acts.ts'
import type { ActView } from '../../service/view.ts'
import type { CostView, TeamView } from '../../teams/view.ts'
import { ActButtons, MayNot, useActs } from '../act.tsx'
import { Icon, type Shape } from '../icon.tsx'
import { JobLinks } from '../job/links.tsx'
import { Link } from '../route.tsx'
import { localized, type Times } from '../time.ts'

type Props = { team: TeamView; times: Times; reader: string | undefined }

/** What the team owns and pays for while it is awake. */
export function ServicesPane({ team, times, reader }: Props) {
  const { name, services, jobs, day, members, operators, mayNot } = team
  const { ask, dialog, receipt } = useActs({ people: [...members, ...operators], reader })
  return (
    <section class="pane costs" aria-labelledby="costs">
      <h3 id="costs">Services</h3>
      {services.length === 0 ? (
        <p class="empty">Nothing that is known belongs to {name}.</p>
      ) : (
        <>
          <p>
            A day of what is awake now costs {day.usd}
            {day.unpriced.length > 0 && `, without ${day.unpriced.join(', ')}: no price is known`}.
          </p>
          <table>
            <thead>
              <tr>
                <th scope="col">What</th>
                <th scope="col">State</th>
                <th scope="col">A day awake</th>
                <th scope="col">Act</th>
              </tr>
            </thead>
            <tbody>
              {services.map((one) => (
                <Row key={`${one.kind}/${one.name}`} {...{ one, times, mayNot, ask }} />
              ))}
            </tbody>
          </table>
        </>
      )}
      {jobs.length > 0 && (
        <p>
          {jobs.length === 1 ? 'Its job' : 'Its jobs'}, run by a schedule: <JobLinks jobs={jobs} />.
        </p>
      )}
      {services.some(({ act }) => act !== undefined) && <MayNot mayNot={mayNot} acts={[]} />}
      {receipt}
      {dialog}
    </section>
  )
}

const SHAPES: Record<CostView['state'], Shape> = {
  awake: 'check',
  asleep: 'moon',
  changing: 'going',
  absent: 'none',
}
const TONES: Record<CostView['state'], string> = {
  awake: 'good',
  asleep: 'quiet',
  changing: 'going',
  absent: 'quiet',
}
const WORDS: Record<CostView['state'], string> = {
  awake: 'awake',
  asleep: 'asleep',
  changing: 'on its way',
  absent: 'nothing deployed yet',
}

type RowProps = {
  one: CostView
  times: Times
  mayNot: string | undefined
  ask(act: ActView, button: HTMLElement): void
}

function Row({ one: { name, kind, state, runs, usd, act }, times, mayNot, ask }: RowProps) {
  const asked = act && restAct(act, name)
  return (
    <tr>
      <th scope="row">
        <span class="name">
          {kind === 'service' ? <Link to={servicePath(name)}>{name}</Link> : name}
        </span>
        <span class="runs">{kind}</span>
      </th>
      <td>
        <span class={`light ${TONES[state]}`}>
          <Icon shape={SHAPES[state]} tone={TONES[state]} />
          {WORDS[state]}
        </span>
        <span class="runs">{localized(runs, times.say)}</span>
      </td>
      <td class="sum">{usd ?? 'not known'}</td>
      <td>
        {asked && (
          <ActButtons
            acts={[
              {
                act: { ...asked, label: `${asked.label} ${name}` },
                label: asked.label,
                about: name,
              },
            ]}
            mayNot={mayNot}
            ask={ask}
          />
        )}
      </td>
    </tr>
  )
}
