import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, test } from 'vitest'
import { readReleased } from '../../cli/release/released.ts'
import { isNewer, withRelease, withVersion } from '../../cli/release/texts.ts'
import { changeLines, changesBetween } from '../../cli/synth/changes.ts'
import { changedSince, lastIn, noteVersion } from '../../cli/synth/last.ts'
import { synth } from '../../cli/synth.ts'
import { UsageError } from '../../cli/usage.ts'
import { templatesOf } from '../../local/simulation/synth.ts'
import { type Stack, stacksOf, type TemplateResource } from '../../scripts/assembly.ts'
import { temporaryDirectory } from '../kits/temporary.ts'

const stack = (name: string, Resources: Record<string, TemplateResource>): Stack => ({
  ...{ name, template: { Resources }, needs: [] },
})

const queue = (Properties: Record<string, unknown>) => ({ Type: 'AWS::SQS::Queue', Properties })
const code = (S3Key: string, Timeout = 3) => ({
  Type: 'AWS::Lambda::Function',
  Properties: { Code: { S3Key }, Timeout },
  Metadata: { 'aws:asset:path': `asset.${S3Key}` },
})
const lines = (before: readonly Stack[], after: readonly Stack[]) =>
  changeLines(changesBetween(before, after))

describe('what an upgrade changes in templates', () => {
  it('nothing, where nothing differs', () => {
    const one = [stack('DevData', { Queue: queue({ DelaySeconds: 1 }) })]
    expect(lines(one, structuredClone(one))).toEqual([])
  })

  it('is told by stack and resource, with the properties and what they were', () => {
    const before = stack('DevData', {
      Old: queue({}),
      Jobs: queue({ DelaySeconds: 1, Tags: [1], FifoQueue: false }),
      Kept: { ...queue({}), DeletionPolicy: 'Retain' },
    })
    const after = stack('DevData', {
      New: queue({}),
      Jobs: queue({ DelaySeconds: 2, Tags: [2], FifoQueue: true }),
      Kept: queue({}),
    })
    expect(lines([before], [after])).toEqual([
      'DevData',
      '  + AWS::SQS::Queue New',
      '  - AWS::SQS::Queue Old',
      '  ~ AWS::SQS::Queue Jobs: DelaySeconds 1 → 2, FifoQueue false → true, Tags (replaced, as FifoQueue cannot be changed)',
      '  ~ AWS::SQS::Queue Kept: how it is treated',
    ])
  })

  it('is one line for the code of many functions; a setting of one is its own', () => {
    const before = [stack('DevControlPlane', { A: code('a'), B: code('b'), C: code('c') })]
    const after = [stack('DevControlPlane', { A: code('a2'), B: code('b2'), C: code('c2', 5) })]
    expect(lines(before, after)).toEqual([
      'DevControlPlane',
      '  ~ AWS::Lambda::Function C: Code, Timeout 3 → 5',
      '  ~ the code, or the catalog in it, of 2 functions',
    ])
  })

  it('is a stack that comes or goes, and what a stack is asked and says', () => {
    const [a, b] = [stack('DevA', {}), stack('DevB', {})]
    const asked = { ...a, template: { ...a.template, Outputs: { Url: { Value: 'x' } } } }
    expect(lines([a], [asked, b])).toEqual(['DevA', '  ~ Outputs Url', 'DevB: a new stack'])
    expect(lines([a, b], [a])).toEqual(['DevB: is gone'])
  })
})

describe('synth', () => {
  const assembly = (version: string | undefined, resources: Record<string, TemplateResource>) => {
    const directory = temporaryDirectory()
    const properties = { templateFile: 'DevA.template.json' }
    const artifacts = { DevA: { type: 'aws:cloudformation:stack', properties } }
    writeFileSync(join(directory, 'manifest.json'), JSON.stringify({ artifacts }))
    writeFileSync(join(directory, 'DevA.template.json'), JSON.stringify({ Resources: resources }))
    if (version !== undefined) {
      writeFileSync(join(directory, 'caretaker.json'), JSON.stringify({ version }))
    }
    return directory
  }

  it('says which version made the templates before, and what differs', () => {
    const last = lastIn(assembly('0.0.9', {}))
    const now = assembly(undefined, { Jobs: queue({}) })
    noteVersion(now)
    expect(changedSince(last, now)).toEqual([
      expect.stringMatching(/^Changed since they were last made by Caretaker 0\.0\.9, now \d/),
      ...['', 'DevA', '  + AWS::SQS::Queue Jobs'],
    ])
    expect(changedSince(lastIn(now), now)).toEqual(['The templates are as they were.'])
  })

  it('says that there is nothing to compare with', () => {
    expect(lastIn(temporaryDirectory())).toBeUndefined()
    const broken = temporaryDirectory()
    writeFileSync(join(broken, 'manifest.json'), '{')
    expect(lastIn(broken)).toBeUndefined()
    expect(changedSince(undefined, 'cdk.out')[0]).toMatch(/^cdk\.out had no templates before/)
  })

  it('does not remove a folder of something else', async () => {
    const output = temporaryDirectory()
    mkdirSync(join(output, 'mine'))
    await expect(synth({ catalog: 'catalog', output })).rejects.toThrow(UsageError)
  })
})

describe('a release', () => {
  const PAGE = '# Changes\n\n## Next\n\n- A thing.\n\n## 0.1.0\n\nThe first.\n'

  it('says below its version what is new, and what it changes in templates', () => {
    expect(withRelease(PAGE, '0.2.0', ['DevA', '  + AWS::SQS::Queue Jobs'])).toBe(
      '# Changes\n\n## Next\n\n## 0.2.0\n\n- A thing.\n\nIn the templates of the example catalog:\n\n```text\nDevA\n  + AWS::SQS::Queue Jobs\n```\n\n## 0.1.0\n\nThe first.\n',
    )
    expect(withRelease(PAGE, '0.2.0', [])).toContain(
      'of the same catalog are the same.\n\n## 0.1.0',
    )
  })

  it('has something to say', () => {
    expect(() => withRelease('## Next\n\n## 0.1.0\n', '0.2.0', [])).toThrow(UsageError)
    expect(() => withRelease('# Changes\n', '0.2.0', [])).toThrow(/nothing below/)
  })

  test.each([
    ['0.1.1', true],
    ['0.1.0', false],
    ['0.0.9', false],
    ['v0.2.0', false],
    ['next', false],
  ])('%s comes after 0.1.0: %s', (version, is) => {
    expect(isNewer(version, '0.1.0')).toBe(is)
  })

  it('is the version of the manifest and of the lockfile', () => {
    const lock =
      '{"version":"0.1.0","packages":{"":{"version":"0.1.0","bin":{}},"x":{"version":"1"}}}'
    expect(JSON.parse(withVersion(lock, '0.2.0'))).toEqual({
      version: '0.2.0',
      packages: { '': { version: '0.2.0', bin: {} }, x: { version: '1' } },
    })
  })

  it('the present one is on the page, with the templates it made', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
    expect(readFileSync('CHANGELOG.md', 'utf8')).toMatch(
      new RegExp(`^## ${version.replaceAll('.', '\\.')}$`, 'm'),
    )
    const released = readReleased()
    expect(released.version).toBe(version)
    expect(released.stacks.length).toBeGreaterThan(5)
  })

  it('what differs since then from its templates is told below "Next", and made a version by release', async () => {
    const now = stacksOf(await templatesOf())
    const isChanged = changesBetween(readReleased().stacks, now).length > 0
    const [, next = ''] = readFileSync('CHANGELOG.md', 'utf8').split('## Next\n')
    const told = next.split(/^## /m)[0]?.trim() ?? ''
    expect(isChanged && told === '').toBe(false)
  })
})
