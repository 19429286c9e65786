import type { Ground } from '../ground.ts'
import type { Report } from '../report.ts'
import type { App, Plan } from './plan.ts'
import type { Calls } from './values.ts'

/** What the keys of one application are read with. */
export type Scope = { app: App; plan: Plan; calls: Calls; ground: Ground; report: Report }
