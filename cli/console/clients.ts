import { ECSClient } from '@aws-sdk/client-ecs'
import type { z } from 'zod/mini'
import type { Show } from '../../domain/acts/show.ts'
import type { Jobs } from '../../local/console/job/jobs.ts'
import { type Entrance, entranceOf } from '../asking/ask.ts'
import { configurationOf, explained } from '../asking/configuration.ts'
import { dataOf } from '../asking/data.ts'
import type { Place } from '../asking/place.ts'
import { Problem } from '../problem.ts'
import { Alarms } from './alarms.ts'
import { Executions } from './executions.ts'
import { jobsOf } from './jobs.ts'

/** Alarms are read with each third of them. */
const ALARMS_EVERY = 3
/** What is asked with the caller's credentials; made anew after each failure. */
export type Clients = {
  entrance: Entrance
  executions: Executions
  alarms: Alarms
  ecs: ECSClient
  jobs: Jobs
}

/** @param interval milliseconds between two readings. @throws Problem when there are no credentials. */
export async function clientsOf(place: Place, interval: number): Promise<Clients> {
  try {
    const configuration = await configurationOf(place)
    return {
      entrance: entranceOf(place),
      executions: new Executions(configuration),
      alarms: new Alarms(configuration, place.environment, ALARMS_EVERY * interval),
      ecs: new ECSClient(configuration),
      jobs: jobsOf(configuration, place),
    }
  } catch (error) {
    throw explained(error, place)
  }
}

/** @throws Problem with why it is not shown. */
export async function shownBy<Schema extends z.ZodMiniType>(
  entrance: Entrance,
  show: Show,
  schema: Schema,
): Promise<z.output<Schema>> {
  const answer = await entrance({ show })
  if (answer.outcome === 'refused') throw new Problem(answer.text)
  return dataOf(schema, answer)
}
