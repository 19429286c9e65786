import type { Service } from './schema.ts'

/** A directory that is mounted, with what its short form leaves out. */
export type Mount = {
  name: string
  path: string
  on: 'disk' | 'files'
  /** The other service whose directory it is. */
  of?: string | undefined
  readOnly: boolean
}

type Written = Service['mounts'] | Service['sidecars'][string]['mounts']

/** The mounts of a service or of a sidecar, in the order of the file. */
export function mountsOf({ mounts }: { mounts: Written }): Mount[] {
  return Object.entries(mounts).map(([name, written]): Mount => {
    if (typeof written === 'string') return { name, path: written, on: 'disk', readOnly: false }
    const { path, readOnly } = written
    const { on, of } = { on: undefined, of: undefined, ...written }
    return { name, path, on: on ?? (of === undefined ? 'disk' : 'files'), of, readOnly }
  })
}

/** Those that outlive their tasks. */
export const keptMounts = (service: Pick<Service, 'mounts'>): Mount[] =>
  mountsOf(service).filter(({ on }) => on === 'files')

/** Whether a service needs the file system. */
export const needsFiles = (service: Pick<Service, 'files' | 'mounts'>): boolean =>
  service.files !== undefined || keptMounts(service).length > 0
