import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { BuildSpec, mergeBuildSpecs } from 'aws-cdk-lib/aws-codebuild'
import type { Construct } from 'constructs'
import { parse } from 'yaml'
import type { Kind } from '../../../catalog/schema.ts'

const FILES = join(import.meta.dirname, 'buildspecs')

/**
 * The buildspec of a kind of service: `image.yml`, and after its build what `<kind>.yml` adds. It
 * goes into the project, so that repositories need none and all change with one deployment.
 */
export function buildspecOf(scope: Construct, kind: Kind): string {
  return mergeBuildSpecs(read('image'), read(kind)).toBuildSpec(scope)
}

const read = (name: string): BuildSpec =>
  BuildSpec.fromObject(parse(readFileSync(join(FILES, `${name}.yml`), 'utf8')))
