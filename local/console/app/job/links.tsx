import { jobPath } from '../../../../domain/console-pages.ts'
import type { TeamView } from '../../teams/view.ts'
import { Link } from '../route.tsx'

/** The pages of jobs, side by side. */
export const JobLinks = ({ jobs }: Pick<TeamView, 'jobs'>) => (
  <>
    {jobs.map(({ name, red }, place) => (
      <span key={name}>
        {place > 0 && ', '}
        <Link to={jobPath(name)}>{name}</Link>
        {red.length > 0 && <span class="bad"> ({red.join(', ')} is red)</span>}
      </span>
    ))}
  </>
)
