import { statSync } from 'node:fs'
import { relative } from 'node:path'
import { type Document, readDocument } from '../../catalog/document.ts'
import { CatalogError, type Problem, shown } from '../../catalog/problem.ts'
import { readCatalog } from '../../catalog/read.ts'
import type { Catalog } from '../../catalog/schema.ts'
import { listOperations, operationSchema, recase, ShapeError } from '../aws/schema.ts'
import { type Scenario, type Step, scenario as schema } from './schema.ts'
import { ORDINALS, type Which } from './which.ts'

/** A scenario that can be played: its file, and the line of each step. */
export type Script = Scenario & { file: string; lines: number[]; catalog: string }

/**
 * Reads a scenario and checks it against the catalog it plays in.
 *
 * @throws CatalogError naming every problem with file, line and field; nothing was played.
 */
export function readScenario(path: string): Script {
  const found = statSync(path, { throwIfNoEntry: false })
  if (!found?.isFile()) throw new CatalogError([missing(path, found ? 'a directory' : 'nothing')])
  const document = readDocument(path, schema)
  const { value } = document
  if (value === undefined) throw new CatalogError(document.problems)
  const catalog = value.catalog ?? 'catalog'
  const problems = check(document, value, readCatalog(catalog))
  if (problems.length > 0) throw new CatalogError(problems)
  const lines = value.steps.map((_, index) => lineOf(document, index))
  return { ...value, catalog, file: document.file, lines }
}

const lineOf = ({ problem }: Document<Scenario>, step: number): number =>
  problem(['steps', step], { found: '', allowed: '', remedy: '' }).line

const missing = (path: string, found: string): Problem => ({
  file: relative(process.cwd(), path),
  line: 1,
  field: 'the file',
  found,
  allowed: 'a scenario file (docs/scenarios.md)',
  remedy: 'create it or name another file',
})

/** What one step may refer to, and how to say that it refers to something else. */
type Surroundings = {
  catalog: Catalog
  /** Services that steps before have made by hand; their repositories have the same names. */
  joined: ReadonlySet<string>
  /** Images pushed by the steps before, and what these call them. */
  pushed: number
  named: ReadonlySet<string>
  start: number
  problem(path: readonly PropertyKey[], found: unknown, allowed: string, remedy: string): Problem
}

function check(document: Document<Scenario>, { steps, start }: Scenario, catalog: Catalog) {
  let pushed = 0
  const joined = new Set<string>()
  const named = new Set<string>()
  return steps.flatMap((step, index) => {
    const problem: Surroundings['problem'] = (path, found, allowed, remedy) =>
      document.problem(['steps', index, ...path], { found: shown(found), allowed, remedy })
    const found = checkStep(step, {
      ...{ catalog, joined, pushed, named, start: start.getTime(), problem },
    })
    if (step.push !== undefined && step.push.retag === undefined) pushed++
    if (step.join !== undefined) {
      pushed++
      joined.add(step.join.service)
    }
    if (step.push?.as !== undefined) named.add(step.push.as)
    return found
  })
}

function checkStep(step: Step, around: Surroundings): Problem[] {
  const { catalog, joined, problem, start } = around
  const problems: Problem[] = []
  const own = catalog.services.map(({ name }) => name)
  const services = [...own, ...joined]
  const repositories = [
    ...new Set([...catalog.services.map(({ repository }) => repository), ...joined]),
  ]
  const moment = step.at(start, catalog.environment.timeZone)
  if (moment < start) {
    const at = new Date(moment).toISOString()
    const first = new Date(start).toISOString()
    problems.push(problem(['at'], at, `an instant from ${first} on`, 'change it, or start earlier'))
  }
  const { push, goBack, expect, call, tool, interrupt, stopTask, join } = step
  if (push !== undefined && !repositories.includes(push.repository)) {
    const allowed = repositories.join(', ')
    problems.push(problem(['push', 'repository'], push.repository, allowed, 'change it'))
  }
  for (const [action, named] of Object.entries({ expect, goBack, tool, interrupt, stopTask })) {
    if (named?.service === undefined || services.includes(named.service)) continue
    problems.push(problem([action, 'service'], named.service, services.join(', '), 'change it'))
  }
  if (join !== undefined && !own.includes(join.like)) {
    problems.push(problem(['join', 'like'], join.like, own.join(', '), 'change it'))
  }
  if (join !== undefined && services.includes(join.service)) {
    const allowed = 'a name that no service has'
    problems.push(problem(['join', 'service'], join.service, allowed, 'change it'))
  }
  const alone = expect?.service === undefined ? ofService(expect) : undefined
  if (alone !== undefined) {
    problems.push(problem(['expect', alone], 'no service', services.join(', '), 'add `service`'))
  }
  problems.push(...checkWhich(['goBack', 'to'], goBack?.to, around))
  problems.push(...checkWhich(['push', 'retag'], push?.retag, around))
  problems.push(...checkWhich(['tool', 'image'], tool?.image, around))
  if (push?.as !== undefined && around.named.has(push.as)) {
    problems.push(problem(['push', 'as'], push.as, 'what no step above says', 'change it'))
  }
  problems.push(...checkWhich(['expect', 'running'], expect?.running, around))
  if (call !== undefined) problems.push(...checkCall(call, around))
  return problems
}

/** What is expected of everything. */
const WITHOUT_SERVICE: ReadonlySet<string> = new Set(['tags', 'holds', 'quietFor', 'within'])

/** The first fact of an expectation that can only be held against a service. */
function ofService(expect: Step['expect']): string | undefined {
  return Object.keys(expect ?? {}).find(
    (name) =>
      !WITHOUT_SERVICE.has(name) && !(name === 'messages' && Array.isArray(expect?.messages)),
  )
}

function checkWhich(
  path: readonly string[],
  which: Which | undefined,
  { pushed, named, problem }: Surroundings,
): Problem[] {
  if (which?.startsWith('p') && !named.has(which)) {
    return [problem(path, which, 'what a step above is pushed `as`', 'push it first')]
  }
  const place = ORDINALS.indexOf(which as (typeof ORDINALS)[number])
  if (place < 0) return []
  const needed = which === 'last' ? 1 : place + 1
  if (needed <= pushed) return []
  return [problem(path, which, `one of the ${pushed} images pushed above`, 'push it first')]
}

function checkCall(
  { service, operation, input = {} }: NonNullable<Step['call']>,
  { problem }: Surroundings,
): Problem[] {
  const shapes = operationSchema(service, operation)
  if (shapes === undefined) {
    const known = listOperations(service)
    return known.length === 0
      ? [problem(['call', 'service'], service, 'such as ecs, ecr, sfn, dynamodb', 'change it')]
      : [problem(['call', 'operation'], operation, known.join(', '), 'change it')]
  }
  try {
    recase(input, shapes.input, 'sdk')
    return []
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error
    const path = ['call', 'input', ...error.path.split(/[.[\]]+/).filter(Boolean)]
    return [problem(path, error.path, `the input of ${service}:${operation}`, error.message)]
  }
}
