#!/usr/bin/env node
/**
 * The way in of every npm script: checks the machine's Node, then runs `main.ts` on the Node that
 * is a dependency, which is Lambda's version. Plain JavaScript, so that an old Node can say so.
 */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const NEEDED = 20
const root = dirname(dirname(fileURLToPath(import.meta.url)))
const own = join(
  root,
  'node_modules',
  'node',
  'bin',
  process.platform === 'win32' ? 'node.exe' : 'node',
)

const majorOf = (version) => Number(version.replace(/^v/, '').split('.')[0])

/** Why this machine cannot run it, and what to do; undefined when it can. */
function complaint() {
  if (majorOf(process.version) < NEEDED) {
    return `Caretaker needs Node ${NEEDED} or newer; this is ${process.version}. Install it from https://nodejs.org, then run this again.`
  }
  if (existsSync(own) || majorOf(process.version) >= 24) return undefined
  return `${own} is not there: run \`npm ci\` first. If you have, your npm ran no install scripts: \`npm rebuild node\` runs the one that is needed (package.json names it under allowScripts).`
}

const problem = complaint()
if (problem !== undefined) {
  console.error(problem)
  process.exitCode = 2
} else {
  run(existsSync(own) ? own : process.execPath)
}

function run(node) {
  const child = spawn(node, [join(root, 'cli', 'main.ts'), ...process.argv.slice(2)], {
    stdio: 'inherit',
    // Node keeps what it compiled: the next command begins half a second earlier.
    env: { NODE_COMPILE_CACHE: join(root, '.cache', 'node'), ...process.env },
  })
  // Ctrl-C reaches the child by itself; the parent only has to stay until it has ended.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1)
  })
}
