import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative, resolve } from 'node:path'
import { CatalogError, type Problem as CatalogProblem } from '../../catalog/problem.ts'
import { readCatalog } from '../../catalog/read.ts'
import { Problem } from '../problem.ts'
import { type Draft, serviceFile } from './draft.ts'
import type { Reason, Report } from './report.ts'

/** Texts by their path below the catalog. */
export type Files = ReadonlyMap<string, string>

/** More rounds than fields a catalog has would be a circle. */
const MOST_ROUNDS = 200

/**
 * The files of a catalog that can be used: a field that the catalog's own checks refuse is taken
 * out of its file, and what it came from is left out by name.
 *
 * @param standing the catalog that the files will be in, if there is one already.
 * @param environment the text of environment.yaml, where that catalog has none.
 * @throws Problem where what stands in the catalog already is refused.
 */
export function settled(
  drafts: readonly Draft[],
  environment: string | undefined,
  standing: string | undefined,
  schema: string,
): Files {
  const left = new Set(drafts)
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const files = new Map([
      ...(environment === undefined ? [] : [['environment.yaml', environment] as const]),
      ...[...left].map((draft) => [draft.file, serviceFile(draft, schema)] as const),
    ])
    const [first, ...others] = problemsOf(files, standing)
    if (first === undefined) return files
    for (const problem of [first, ...others]) {
      // What is about a file that has gone meanwhile is said by the next round, if it still holds.
      if (!drafts.some((one) => one.file === problem.file) || isLeft(problem, left)) {
        takeOut(problem, left)
      }
    }
  }
  throw new Error('the catalog refuses what is left of the import')
}

/** What the catalog's own checks say of the files, beside those that stand in it. */
function problemsOf(files: Files, standing: string | undefined): readonly CatalogProblem[] {
  const folder = mkdtempSync(join(tmpdir(), 'caretaker-import-'))
  try {
    if (standing !== undefined) cpSync(standing, folder, { recursive: true })
    mkdirSync(join(folder, 'services'), { recursive: true })
    for (const [path, text] of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
    }
    readCatalog(folder)
    return []
  } catch (error) {
    if (!(error instanceof CatalogError)) throw error
    return error.problems.map((one) => ({ ...one, file: relative(folder, resolve(one.file)) }))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const isLeft = ({ file }: CatalogProblem, left: ReadonlySet<Draft>): boolean =>
  [...left].some((one) => one.file === file)

function takeOut(problem: CatalogProblem, left: Set<Draft>): void {
  const { file, field, found, allowed } = problem
  const draft = [...left].find((one) => one.file === file)
  if (draft === undefined) {
    throw new Problem(
      `${file}:${problem.line} ${field}: found ${found}, allowed: ${allowed}; ${problem.remedy}. Nothing was written.`,
    )
  }
  const reason = {
    because: `a catalog does not take it: found ${found}, allowed: ${allowed}`,
    remedy: problem.remedy,
  }
  const isTaken = field !== 'team' && taken(draft.is as Record<string, unknown>, field)
  if (!isTaken) left.delete(draft)
  note(draft.report, draft, isTaken ? field : undefined, reason)
}

function note(report: Report, draft: Draft, field: string | undefined, reason: Reason): void {
  const { file, place } = draft
  if (field === undefined) report.takeBackFile(file, place, reason)
  else if (!report.takeBack(file, field, reason)) {
    report.leftOut.push({ place, found: `${field} of ${file}`, ...reason })
  }
}

/** Takes a field out, and what is empty without it; false where there is no such field. */
function taken(holder: Record<string, unknown>, field: string): boolean {
  // Names of variables may have dots: the longest key that fits is meant.
  const key = Object.keys(holder)
    .filter((one) => field === one || field.startsWith(`${one}.`))
    .toSorted((a, b) => b.length - a.length)[0]
  if (key === undefined) return false
  const inner = holder[key]
  const rest = field.slice(key.length + 1)
  if (rest === '' || typeof inner !== 'object' || inner === null) {
    delete holder[key]
    return true
  }
  if (Array.isArray(inner)) {
    const [index = '', ...deeper] = rest.split('.')
    const item = inner[Number(index)] as unknown
    const isInside =
      deeper.length > 0 &&
      typeof item === 'object' &&
      taken(item as Record<string, unknown>, deeper.join('.'))
    if (!isInside) holder[key] = inner.toSpliced(Number(index), 1)
  } else if (!taken(inner as Record<string, unknown>, rest)) {
    delete holder[key]
    return true
  }
  if (Object.keys(holder[key] as object).length === 0) delete holder[key]
  return true
}
