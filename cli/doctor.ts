import { readCatalog } from '../catalog/read.ts'
import { isSimulation } from './asking/place.ts'
import { examine } from './doctor/doctor.ts'
import { line } from './doctor/finding.ts'
import { examineSlack } from './doctor/slack.ts'
import { say } from './print.ts'

/**
 * Says whether the account is ready for the catalog, or (`slack`) whether Slack is, and what to do
 * where it is not.
 *
 * @returns 1 when a deployment would fail, or when Slack is not told something.
 */
export async function doctor(
  about: 'slack' | undefined,
  options: { catalog: string; json?: boolean | undefined },
): Promise<number> {
  const catalog = readCatalog(options.catalog)
  const configuration = { region: catalog.environment.region }
  const endpoint = process.env.AWS_ENDPOINT_URL
  if (endpoint && (await isSimulation(endpoint))) {
    const told = `The simulated AWS at ${endpoint} is asked: it lacks some of what an account has.`
    if (options.json) console.error(told)
    else say(told)
  }
  const findings =
    about === 'slack'
      ? await examineSlack(catalog, configuration, { fetch, now: new Date() })
      : await examine(catalog, configuration)
  if (options.json) console.log(JSON.stringify({ findings }, undefined, 2))
  else for (const finding of findings) say(line(finding))
  return findings.some(({ level }) => level === 'FAIL') ? 1 : 0
}
