import type { Command } from '@commander-js/extra-typings'
import { IS_PACKAGE } from '../../local/own-files.ts'
import { samples } from '../slack-preview/samples.ts'
import { CATALOG, type Context, JSON_DOCUMENT, withExamples } from './context.ts'

/** Setting Slack up, and what developers of Caretaker itself run. */
export function addTools(program: Command, { ended }: Context): void {
  const slack = program.command('slack').description('the Slack app: its manifest, its messages')
  const manifest = slack
    .command('manifest')
    .description("prints the app's manifest with the environment's address in it")
    .option('--url <address>', 'of the entrance, instead of asking AWS')
    .option(...CATALOG)
    .action(async (options) =>
      ended(await (await import('../slack-manifest.ts')).slackManifest(options)),
    )
  withExamples(
    manifest,
    ['slack manifest > manifest.yaml', 'then give it to Slack: docs/slack.md'],
    ['slack manifest --url https://example.com/', 'with that address; AWS is not asked'],
  )
  const preview = slack
    .command('preview')
    .description('shows the message that an event or a record ends in, and checks it')
    .argument(
      '<file>',
      `an event of EventBridge or an item of the table, as JSON; or a sample: ${samples().join(', ')}`,
    )
    .option('--html <file>', 'write it as a page too')
    .option(...JSON_DOCUMENT)
    .action(async (file, options) =>
      ended(await (await import('../slack-preview.ts')).slackPreview(file, options)),
    )
  withExamples(preview, ['slack preview alarm-red', 'what people would read'])
  if (!IS_PACKAGE) addRepositoryTools(program, ended)
}

/** What needs this repository's sources and tests: the package has none. */
function addRepositoryTools(program: Command, ended: Context['ended']): void {
  const build = program
    .command('build')
    .description('bundles the functions and prints their sizes')
    .action(async () => ended(await (await import('../build.ts')).build()))
  withExamples(build, ['build', 'after a change of functions/'])
  const docs = program
    .command('docs')
    .description('writes the pages that are made from the code')
    .action(async () => ended(await (await import('../docs.ts')).docs(program)))
  withExamples(docs, ['docs', 'after a change of what a page is made from'])
  const release = program
    .command('release')
    .description('makes a version of what stands below "Next" in CHANGELOG.md')
    .argument('<version>', 'the next one, as semver says')
    .action(async (version) => ended(await (await import('../release.ts')).release(version)))
  withExamples(release, ['release 0.3.0', 'what stands below "Next" becomes 0.3.0'])
  const grants = program
    .command('grants')
    .description('which rights nothing in the tests needed')
    .option('--from <directory>', 'what CARETAKER_GRANTS named for a run of the tests')
    .action(async (options) => ended(await (await import('../grants.ts')).grants(options)))
  withExamples(grants, ['grants', 'after a run of the tests with CARETAKER_GRANTS'])
}
