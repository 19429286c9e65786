import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { VERSION } from '../../local/own-files.ts'
import { type Stack, stacksOf } from '../../scripts/assembly.ts'
import { visible } from '../print.ts'
import { changeLines, changesBetween } from './changes.ts'

/** Beside the templates: which version of Caretaker has made them. */
const NOTE = 'caretaker.json'

/** Templates that were made before. */
export type Last = { stacks: Stack[]; version: string | undefined }

/** What the directory has; undefined where nothing was synthesized before, or no longer whole. */
export function lastIn(directory: string): Last | undefined {
  if (!existsSync(join(directory, 'manifest.json'))) return undefined
  try {
    return { stacks: stacksOf(directory), version: versionIn(join(directory, NOTE)) }
  } catch {
    return undefined
  }
}

const versionIn = (path: string): string | undefined =>
  existsSync(path)
    ? String((JSON.parse(readFileSync(path, 'utf8')) as { version?: unknown }).version)
    : undefined

export const noteVersion = (directory: string): void =>
  writeFileSync(join(directory, NOTE), `${JSON.stringify({ version: VERSION })}\n`)

/** What has changed since then, for whoever synthesizes: of the catalog, or by an upgrade. */
export function changedSince(last: Last | undefined, directory: string): string[] {
  if (last === undefined) {
    return [
      `${directory} had no templates before, with which these could be compared; what differs from what is deployed: npx caretaker environment deploy, which asks first.`,
    ]
  }
  const { version } = last
  const upgraded =
    version === undefined || version === VERSION
      ? ''
      : ` by Caretaker ${visible(version)}, now ${VERSION}`
  const lines = changeLines(changesBetween(last.stacks, stacksOf(directory)))
  return lines.length === 0
    ? [`The templates are as they were${upgraded}.`]
    : [`Changed since they were last made${upgraded}:`, '', ...lines]
}
