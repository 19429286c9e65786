import type { Check } from './check.ts'
import { keptMounts, mountsOf } from './mounts.ts'
import { didYouMean } from './near.ts'
import { shown } from './problem.ts'

/** Several containers mount one directory only where they say so: two mounts at one path hide one. */
const mountsFit: Check = (service, { problem }) => {
  const { files } = service
  const paths = new Map<string, string>(files === undefined ? [] : [[files, 'files']])
  return mountsOf(service).flatMap(({ name, path, on, of }) => {
    const at = ['mounts', name]
    if (name === 'files') {
      const allowed = 'another name: files is the shared file system'
      return [problem(at, { found: shown(name), allowed, remedy: 'rename it' })]
    }
    if (of !== undefined && on === 'disk') {
      const allowed = 'files: the disk of a task is seen by no other'
      const remedy = 'remove on, or of'
      return [problem([...at, 'on'], { found: shown(on), allowed, remedy })]
    }
    const holder = paths.get(path)
    paths.set(path, name)
    if (holder === undefined) return []
    const allowed = `a path where nothing else is mounted; ${holder} is`
    return [problem(at, { found: shown(path), allowed, remedy: 'change one of them' })]
  })
}

/** A directory of another service is there once that service keeps it. */
const mountsOfOthersExist: Check = (service, { problem }, { services, names }) =>
  mountsOf(service).flatMap(({ name, on, of }) => {
    if (of === undefined || on === 'disk') return []
    const at = ['mounts', name, 'of']
    const found = shown(of)
    const others = names.filter((one) => one !== service.name)
    if (!others.includes(of)) {
      const remedy = didYouMean(of, others, 'change it, or remove it')
      return [problem(at, { found, allowed: others.join(', ') || 'nothing', remedy })]
    }
    const owner = services.get(of)
    if (owner === undefined) return []
    const own = keptMounts(owner).filter((one) => one.of === undefined)
    if (own.some((one) => one.name === name)) return []
    const has = own.map((one) => one.name).join(', ') || 'none'
    const allowed = `a service that keeps a mount ${name} of its own (on: files); ${of} has ${has}`
    return [problem(at, { found, allowed, remedy: 'change it, or add the mount there' })]
  })

export const mountChecks: readonly Check[] = [mountsFit, mountsOfOthersExist]
