import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { App, Stack, Validations } from 'aws-cdk-lib'
import type { CloudAssembly } from 'aws-cdk-lib/cx-api'
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag'
import { readCatalog } from '../catalog/read.ts'
import type { Catalog } from '../catalog/schema.ts'
import { stackNamed } from '../domain/stack-names.ts'
import { takeBundlesFrom } from './control-plane/function.ts'
import { ControlPlaneStack } from './control-plane/stack.ts'
import { AccessStack } from './environment/access/access-stack.ts'
import { boundRoles } from './environment/access/boundary.ts'
import { type Data, DataStack, sharesData } from './environment/data/data-stack.ts'
import { EnvironmentStack } from './environment/environment-stack.ts'
import { KubernetesStack } from './environment/kubernetes-stack.ts'
import { ServiceStack } from './environment/services/service-stack.ts'
import { nameEnvironment, readRunbooksAt } from './names.ts'
import { tagEnvironment } from './tags.ts'
import { templateValidation } from './validation.ts'

/**
 * Turns a catalog into CloudFormation templates. Needs `dist/` (`npm run build`), and neither
 * network, credentials nor Docker.
 *
 * @param outdir where the templates go.
 * @param bundles where `scripts/build.ts` put the functions.
 * @param isValidated whether cdk-nag and CDK's own validation look at the templates, which takes
 *   as long as making them: for what goes to AWS.
 * @throws CatalogError for a catalog that cannot be used, before CDK sees any of it.
 * @throws Error naming construct and rule of each unexplained finding of cdk-nag or CDK's own
 *   template validation.
 */
export function synthesize(
  outdir: string,
  catalogDirectory = 'catalog',
  bundles = 'dist',
  isValidated = true,
): CloudAssembly {
  const catalog = readCatalog(catalogDirectory)
  const { environment } = catalog
  const app = new App({
    context: flags(),
    outdir,
    treeMetadata: false,
    // `templateValidation` does it, where it is asked for; the CDK's own looks at every template.
    builtinCloudFormationValidation: false,
    // A place in our sources for each resource: for those who read the findings.
    stackTraces: isValidated,
  })
  nameEnvironment(app, environment.name)
  readRunbooksAt(app, environment.links?.runbooks)
  takeBundlesFrom(app, bundles)
  tagEnvironment(app, environment)
  if (isValidated) {
    Validations.of(app).addPlugins(
      new AwsSolutionsChecks(app),
      new ServerlessChecks(app),
      templateValidation,
    )
  }
  environmentStacks(app, catalog)
  return app.synth()
}

/** One stack per rate of change: people, network, shared data, each service, Caretaker. */
function environmentStacks(app: App, catalog: Catalog): void {
  const { environment, services } = catalog
  const called = (what: string) => stackNamed(environment, what)
  const { account, region } = environment
  const props = { env: { region, ...(account !== undefined && { account }) } }
  const access = new AccessStack(app, called('Access'), { ...props, environment, services })
  boundRoles(app)
  const network = new EnvironmentStack(app, called('Environment'), {
    ...props,
    environment,
    services,
  })
  const { shared } = network
  if (environment.parts.kubernetes)
    new KubernetesStack(app, called('Kubernetes'), { ...props, shared })
  const data: Data = sharesData(services)
    ? new DataStack(app, called('Data'), { ...props, shared, services }).data
    : { database: undefined, cache: undefined, files: undefined }
  for (const service of services) {
    new ServiceStack(app, called(`Service-${service.name}`), {
      ...props,
      service,
      services,
      shared,
      data,
    })
  }
  const control = new ControlPlaneStack(app, called('ControlPlane'), catalog, props)
  // The topic that alerts of budgets come by is the environment's.
  control.addStackDependency(network)
  for (const stack of app.node.children) {
    if (Stack.isStack(stack) && stack !== access) stack.addStackDependency(access)
  }
}

/** `cdk.json` is the CDK CLI's file; without the CLI its context must hold all the same. */
function flags(): Record<string, unknown> {
  const { context } = JSON.parse(
    readFileSync(join(import.meta.dirname, '..', 'cdk.json'), 'utf8'),
  ) as {
    context: Record<string, unknown>
  }
  return context
}
