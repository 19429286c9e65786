import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { choose, PolicyError, parsePolicy, tagValue, takes } from '../../domain/deploy-policy.ts'

describe('a deploy policy', () => {
  test.each([
    ['main', 'main', true],
    ['main', 'main2', false],
    ['main', 'Main', false],
    ['glob:feature-*', 'feature-7', true],
    ['glob:feature-*', 'feature-', true],
    ['glob:feature-*', 'my-feature-7', false],
    ['glob:feature-@', 'feature-7', true],
    ['glob:v1.*', 'v1x0', false],
    ['glob:v1.*', 'v1.0', true],
    ['semver:~1.4', '1.4.9', true],
    ['semver:~1.4', 'v1.4.9', true],
    ['semver:~1.4', '1.5.0', false],
    ['semver:~1.4', '1.4', false],
    ['semver:~1.4', '1.4.9-rc.1', false],
    ['semver:1.4.x', '1.4.0', true],
    ['semver:~1.4', 'main', false],
    ['number:build-*', 'build-7', true],
    ['number:build-@', 'build-7', true],
    ['number:build-*', 'main', false],
    ['prerelease:~1.4', '1.4.9-rc.1', true],
    ['prerelease:~1.4', '1.4.9', true],
    ['prerelease:1.4.x', '1.5.0-rc.1', false],
    ['off', 'off', false],
    ['off', 'main', false],
  ])('%s and the tag %s: %s', (policy, tag, expected) => {
    expect(takes(parsePolicy(policy), tag)).toBe(expected)
  })

  test.each([
    '',
    'semver:',
    'semver:oops',
    'glob:',
    'number:',
    'prerelease:oops',
    'glob:a b',
    'regex:.*',
    'feature/1',
    '-main',
    'a'.repeat(129),
  ])('refuses %j and says what is allowed', (text) => {
    expect(() => parsePolicy(text)).toThrow(PolicyError)
    expect(() => parsePolicy(text)).toThrow(/allowed: a tag \(main\), glob:/)
  })

  it('takes the highest version of a range, whatever was pushed last', () => {
    const images = [
      { tag: '1.4.10', digest: 'b', at: '2026-03-01T00:00:00Z' },
      { tag: '1.4.9', digest: 'a', at: '2026-03-02T00:00:00Z' },
      { tag: '1.5.0', digest: 'c', at: '2026-03-03T00:00:00Z' },
    ]
    expect(choose(parsePolicy('semver:~1.4'), images)?.digest).toBe('b')
  })

  it('takes the highest number a pattern matches, whatever was pushed last', () => {
    const images = [
      { tag: 'build-10', digest: 'b', at: '2026-03-01T00:00:00Z' },
      { tag: 'build-9', digest: 'a', at: '2026-03-02T00:00:00Z' },
      { tag: 'nightly-11', digest: 'c', at: '2026-03-03T00:00:00Z' },
    ]
    expect(choose(parsePolicy('number:build-*'), images)?.digest).toBe('b')
  })

  it('takes a pre-release before the version that it leads to, and the version after it', () => {
    const images = ['1.5.0-rc.2', '1.5.0-rc.10', '1.4.9'].map((tag) => ({
      ...{ tag, digest: tag, at: '2026-03-01T00:00:00Z' },
    }))
    const policy = parsePolicy('prerelease:^1.4')
    expect(choose(policy, images)?.tag).toBe('1.5.0-rc.10')
    const whole = { tag: '1.5.0', digest: 'd', at: '2026-02-01T00:00:00Z' }
    expect(choose(policy, [...images, whole])?.tag).toBe('1.5.0')
    expect(tagValue(policy)).toBe('prerelease:1.4.0 - 1')
  })

  it('takes the newest push a pattern matches', () => {
    const images = [
      { tag: 'feature-2', digest: 'b', at: '2026-03-01T00:00:00Z' },
      { tag: 'feature-1', digest: 'a', at: '2026-03-02T00:00:00Z' },
      { tag: 'main', digest: 'c', at: '2026-03-03T00:00:00Z' },
    ]
    expect(choose(parsePolicy('glob:feature-*'), images)?.digest).toBe('a')
  })

  test.each([
    ['main', 'main'],
    ['glob:feature-*', 'glob:feature-@'],
    ['semver:~1.4', 'semver:1.4.x'],
    ['semver:~1.4.2', 'semver:1.4.2 - 1.4'],
    ['semver:^1.4.2', 'semver:1.4.2 - 1'],
    ['semver:^2', 'semver:2.x'],
  ])('%s is written %s into an AWS tag', (policy, value) => {
    expect(tagValue(parsePolicy(policy))).toBe(value)
  })

  it('means the same in its AWS spelling', () => {
    const version = fc.tuple(fc.nat(3), fc.nat(6), fc.nat(12)).map((parts) => parts.join('.'))
    const range = fc
      .tuple(
        fc.constantFrom('~', '^'),
        fc.integer({ min: 1, max: 3 }),
        fc.nat(6),
        fc.option(fc.nat(12)),
      )
      .map(
        ([sign, major, minor, patch]) =>
          `semver:${sign}${major}.${minor}${patch === null ? '' : `.${patch}`}`,
      )
    fc.assert(
      fc.property(range, version, (text, tag) => {
        const policy = parsePolicy(text)
        expect(takes(parsePolicy(tagValue(policy)), tag)).toBe(takes(policy, tag))
      }),
    )
  })

  it('says so when a range has no spelling in a tag', () => {
    expect(() => tagValue(parsePolicy('semver:>=1.2 <1.9'))).toThrow(/use ~1\.4/)
  })
})

describe('a glob', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '.', '-'), maxLength: 12 })
  const glob = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*'), minLength: 1, maxLength: 8 })

  it('matches what the same regular expression matches', () => {
    fc.assert(
      fc.property(glob, letters, (pattern, tag) => {
        const parts = pattern.split('*').map((part) => part.replaceAll('.', '\\.'))
        const expected = new RegExp(`^${parts.join('.*')}$`).test(tag)
        expect(takes(parsePolicy(`glob:${pattern}`), tag)).toBe(expected)
      }),
    )
  })

  it('takes no longer for many stars', () => {
    const policy = parsePolicy(`glob:${'@a'.repeat(60)}b`)
    // A regular expression would try every way to share out the letters: for ever.
    expect(takes(policy, 'a'.repeat(128))).toBe(false)
  })
})
