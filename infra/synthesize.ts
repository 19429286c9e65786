import { readFileSync } from 'node:fs'
import { App, Validations } from 'aws-cdk-lib'
import type { CloudAssembly } from 'aws-cdk-lib/cx-api'
import { AwsSolutionsChecks } from 'cdk-nag'
import { readCatalog } from '../catalog/read.ts'
import { ControlPlaneStack } from './control-plane/stack.ts'
import { EnvironmentStack } from './environment/environment-stack.ts'
import { ServicesStack } from './environment/services-stack.ts'
import { takeBundlesFrom } from './function.ts'
import { nameEnvironment } from './names.ts'
import { tagEnvironment } from './tags.ts'

/**
 * Turns a catalog into CloudFormation templates. Needs `dist/` (`npm run build`), and neither
 * network, credentials nor Docker.
 *
 * @param outdir where the templates go.
 * @param bundles where `scripts/build.ts` put the functions.
 * @throws CatalogError for a catalog that cannot be used, before CDK sees any of it.
 * @throws Error naming construct and rule of each unexplained finding of cdk-nag or CDK's own
 *   template validation.
 */
export function synthesize(
  outdir: string,
  catalogDirectory = 'catalog',
  bundles = 'dist',
): CloudAssembly {
  const { environment, services } = readCatalog(catalogDirectory)
  const app = new App({ context: flags(), outdir })
  nameEnvironment(app, environment.name)
  takeBundlesFrom(app, bundles)
  tagEnvironment(app, environment)
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app))

  const prefix = environment.name.charAt(0).toUpperCase() + environment.name.slice(1)
  const props = { env: { region: environment.region } }
  const { home } = new EnvironmentStack(app, `${prefix}Environment`, environment, props)
  new ServicesStack(app, `${prefix}Services`, services, home, props)
  new ControlPlaneStack(app, `${prefix}ControlPlane`, environment, props)
  return app.synth()
}

/** `cdk.json` is the CDK CLI's file; without the CLI its context must hold all the same. */
function flags(): Record<string, unknown> {
  const { context } = JSON.parse(readFileSync('cdk.json', 'utf8')) as {
    context: Record<string, unknown>
  }
  return context
}
