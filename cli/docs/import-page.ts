import { SERVICE_ROWS } from '../import/compose/keys.ts'
import { TOP_ROWS } from '../import/compose/others.ts'
import { ENVIRONMENT_ROWS, PIPELINE_ROWS } from '../import/copilot/environment.ts'
import { MANIFEST_ROWS } from '../import/copilot/keys.ts'
import { SCORE_ROWS } from '../import/score/keys.ts'
import type { Row } from '../import/table.ts'

const INTRO = `<!-- Written by \`npm run docs\` from the tables in cli/import. -->
# Coming from Copilot, Compose or Score

\`\`\`sh
npx caretaker import compose                 # the Compose files of this folder
npx caretaker import copilot                 # the folder copilot/, a catalog for each environment
npx caretaker import score score.yaml        # one workload, or several
\`\`\`

writes \`catalog/services/<name>.yaml\` for each service, and \`catalog/environment.yaml\` where there is none. Nothing that is there is written over without \`--force\`; \`--dry-run\` prints the files instead; \`--to <folder>\` is another catalog; \`--json\` is for programs. Nothing is written unless all of it can be: what comes out has passed every check of the catalog. Then

\`\`\`sh
npx caretaker environment synth              # the templates, without an AWS account
npx caretaker start                          # all of it on a simulated AWS
\`\`\`

**No key is dropped in silence.** Each is translated, or named as left out: with file and line, what was found, why it has no place, and what to do. The tables below say what becomes of each.

**No secret is copied.** A variable whose name or value looks like a password, a token or a key becomes one of \`secrets\`: its value is put in by hand, with the command that is printed (\`npx caretaker secret set orders API_KEY\`). Services that have the same value share one secret.

**What is the same everywhere**

| | |
|---|---|
| architecture | \`platform: x86_64\` is written where nothing else is said, since the images that exist mostly are; remove the line for an image of ARM |
| images | are pushed to a repository of the environment, and the push is the deployment. An image that is named by its digest (\`@sha256:…\`) runs as it is |
| health | a number that AWS or the catalog does not take is cut, and that is told |
| size | the next size of Fargate that holds what is asked for |
| who it belongs to | the owner of the environment; \`--team\` is another |

`

const COMPOSE = `## Compose

\`compose.yaml\`, \`docker-compose.yml\` and the override beside it are read as Compose reads them: several files, \`include\`, \`extends\`, anchors, \`!reset\` and \`!override\`, profiles (\`--profile\`), \`env_file\`, and values from \`.env\`. Your shell is not asked for values: what stands in no file is left out by name.

| in a Compose project | becomes |
|---|---|
| services of one image (\`site\`, \`worker\`, \`beat\`) | a file each, which follow one \`repository\` |
| what runs once (\`migrate\`, with \`service_completed_successfully\` or \`restart: "no"\`) | \`preDeploy\` of the service that waits for it |
| postgres and its like | \`database: shared\` of the services that name it |
| redis, valkey | \`cache: true\` |
| minio | \`bucket: true\` |
| nginx, traefik, caddy, haproxy, not built here | the load balancer of the environment: a \`route\` of what is behind it |
| mysql, mongo, rabbitmq, elasticsearch, kafka | left out, each with what AWS has for it |
| \`postgres://app:secret@db:5432/shop\` in a variable | \`database: { as: { DATABASE_URL: postgres://{username}:{password}@{host}:{port}/{name} } }\` |
| \`http://api:3000\` in a variable | \`http://api.dev.internal:3000\` |

### Keys of a service

`

const COPILOT = `## Copilot

Give it the folder \`copilot/\`, or the one above: workloads name each other, and an environment is a catalog of its own, with the overlay of \`environments:\` put in. With one environment (\`--environment test\`) the files are in \`catalog/\`, with several in \`catalog/<environment>/\`. \`COPILOT_APPLICATION_NAME\` and \`COPILOT_ENVIRONMENT_NAME\` are put in where a manifest names them; code that reads them finds them only if they are written into \`environment\`.

Topics and queues are made anew, and begin empty. Code that reads \`COPILOT_QUEUE_URI\` finds its queue there; \`COPILOT_SNS_TOPIC_ARNS\` and \`COPILOT_TOPIC_QUEUE_URIS\`, which hold JSON, have no place: each topic and queue is in a variable of its own ([its messages](catalog.md#its-messages)). A message that was read five times goes aside, also where Copilot had no \`dead_letter\`.

Copilot's own stacks stay as they are. Read [what deleting them destroys] before you do: the file system and the load balancer go with the last workload that uses them, the ECR repositories with the application.

Addons (\`copilot/<workload>/addons\`) are CloudFormation: each resource is left out by name, with the key that stands in. \`overrides\` are left out too. A Static Site is no service.

### Keys of a workload

`.replace('[what deleting them destroys]', 'what deleting them destroys')

const SCORE = `## Score

Score v1b1. Of several containers, the first by name that nothing has to wait for is the service's own; the others are sidecars, by their digest.

| placeholder | becomes |
|---|---|
| \`\${resources.db.host}\`, … of a postgres | \`database.as\` |
| of a redis | \`cache.as\` |
| \`\${resources.b.bucket}\` of an s3 | \`aliases\`: BUCKET_NAME |
| \`\${resources.dns.host}\` | the host below the domain of the environment |
| of a service-port | the address of the other workload |
| \`\${metadata.name}\` | the text itself |

### Keys

`

/** docs/import.md: what becomes of each key of each format. */
export function importPage(): string {
  return [
    INTRO,
    COMPOSE,
    table(SERVICE_ROWS),
    '\n### Top-level keys\n\n',
    table(TOP_ROWS),
    '\n',
    COPILOT,
    table(MANIFEST_ROWS),
    '\n### Keys of an environment\n\n',
    table(ENVIRONMENT_ROWS),
    '\n### Keys of a pipeline\n\n',
    table(PIPELINE_ROWS),
    '\n',
    SCORE,
    table(SCORE_ROWS),
  ].join('')
}

type Shown = { key: string } & (
  | { to: string }
  | { holds: string }
  | { because: string; remedy: string }
)

/** A line for each meaning: keys that are left out for one reason stand together. */
function table(rows: readonly Row<never>[]): string {
  const lines = Map.groupBy(rows as readonly Shown[], meaning)
  return [
    '| key | becomes |',
    '|---|---|',
    ...[...lines].map(([text, some]) => {
      const keys = [...new Set(some.map(({ key }) => `\`${key}\``))].join(', ')
      return `| ${keys} | ${text.replaceAll('|', '\\|')} |`
    }),
    '',
  ].join('\n')
}

function meaning(row: Shown): string {
  if ('to' in row) return row.to
  if ('holds' in row) return `nothing to write: ${row.holds}`
  return `*left out:* ${row.because}. ${row.remedy[0]?.toUpperCase()}${row.remedy.slice(1)}`
}
