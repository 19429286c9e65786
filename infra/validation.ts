import { readFileSync } from 'node:fs'
import {
  CloudFormationValidatePlugin,
  type IPolicyValidationContext,
  type IPolicyValidationPlugin,
  type PolicyValidationPluginReport,
  type PolicyValidationStack,
} from 'aws-cdk-lib'

/**
 * The CDK's own validation of templates. A template in which it found nothing is not looked at a
 * second time in the same process: an edit of a catalog leaves most stacks as they were, and this
 * validation is half of what a synthesis takes.
 */
class TemplateValidation extends CloudFormationValidatePlugin {
  readonly #clean = new Set<string>()

  override validate(context: IPolicyValidationContext): PolicyValidationPluginReport {
    const unknown = context.stackTemplates.filter((stack) => !this.#clean.has(contentOf(stack)))
    if (unknown.length === 0) return { success: true, violations: [] }
    const templatePaths = unknown.map(({ templatePath }) => templatePath)
    const report = super.validate({ ...context, stackTemplates: unknown, templatePaths })
    // A finding names its template; with one, all of them are looked at again the next time.
    if (report.violations.length === 0) {
      for (const stack of unknown) this.#clean.add(contentOf(stack))
    }
    return report
  }
}

/** Account and region are what the validation puts in place of CloudFormation's parameters. */
function contentOf({ templatePath, accountId, region }: PolicyValidationStack): string {
  return `${accountId} ${region} ${readFileSync(templatePath, 'utf8')}`
}

/** One for all syntheses of a process: it keeps the compiled rules too. */
export const templateValidation = new TemplateValidation() as IPolicyValidationPlugin
