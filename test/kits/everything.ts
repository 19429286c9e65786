import { readFileSync } from 'node:fs'
import { stringify } from 'yaml'
import { catalogOf } from './catalog.ts'

/** Services that ask for all there is. */
const SERVICES: Record<string, string> = {
  one: 'team: ordering\ntracing: true\ndatabase: own\ncache: true\nbucket: true\nfiles: /data\nscaling: { max: 3 }\nroute: { path: /*, priority: 1 }\nsecrets: [KEY]\nsource: { repository: acme/one }\n',
  two: 'kind: web\nteam: storefront\nnlb: 7000\nsource: { builder: github-actions, repository: acme/two, ownerId: 4711, repositoryId: 815 }\n',
  three: 'kind: worker\nteam: storefront\ndatabase: shared\n',
  four: 'kind: job\nteam: ordering\nruns: rate(1 hour)\n',
}

const CONNECTION = 'arn:aws:codeconnections:eu-central-1:111111111111:connection/0a1b2c3d'
const PARTS = { kubernetes: true, prometheus: true, grafana: true }

/** The stacks of it. */
export const EVERY_STACK = [
  'Access',
  'Environment',
  'Data',
  'Kubernetes',
  ...Object.keys(SERVICES).map((name) => `Service-${name}`),
  'ControlPlane',
].map((name) => `Dev${name}`)

/**
 * A catalog with every part switched on.
 *
 * @param parts those that are to be as this says.
 * @returns its directory.
 */
export function everything(parts: Record<string, boolean> = {}): string {
  const more = {
    connection: CONNECTION,
    alarms: { email: 'on-call@example.com' },
    parts: { ...PARTS, ...parts },
  }
  return catalogOf({
    'environment.yaml': `${readFileSync('catalog/environment.yaml', 'utf8')}\n${stringify(more)}`,
    ...Object.fromEntries(
      Object.entries(SERVICES).map(([name, text]) => [`services/${name}.yaml`, text]),
    ),
  })
}
