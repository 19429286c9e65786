import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readCatalog } from '../catalog/read.ts'
import { HOME } from '../local/own-files.ts'
import { whoAmI } from './deploy/account.ts'
import { entrance } from './doctor/slack.ts'
import { Problem } from './problem.ts'

type Options = { catalog: string; url?: string | undefined }

const MANIFEST = join(HOME, 'docs', 'slack-app-manifest.yaml')

/** Prints the manifest of the Slack app, with the environment's address in it. */
export async function slackManifest({ catalog, url }: Options): Promise<number> {
  const address = url ?? (await deployed(catalog))
  console.log(readFileSync(MANIFEST, 'utf8').replaceAll(/(?<=url: )REQUEST_URL/g, address))
  return 0
}

async function deployed(catalog: string): Promise<string> {
  const { environment } = readCatalog(catalog)
  const configuration = { region: environment.region }
  await whoAmI(configuration)
  const url = await entrance(environment, configuration)
  if (url !== undefined) return url
  throw new Problem(
    `The environment ${environment.name} has no entrance for Slack yet: npx caretaker environment deploy makes it.`,
  )
}
