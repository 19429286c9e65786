#!/usr/bin/env node
/**
 * The way in: checks the machine's Node, then runs the program. In the package that is JavaScript,
 * on the machine's own Node; in the repository it is TypeScript, on the Node that is a dependency
 * of its developers, which is Lambda's version. Plain JavaScript, so that an old Node can say so.
 */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import module from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** Lambda's version, on which all of it is tested. */
const NEEDED = 24
/** Enough to start the repository's own Node. */
const NEEDED_TO_START = 20

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const built = join(root, 'built', 'cli', 'main.js')
// What `npm pack` has built lies in the repository too.
const isPackage = !existsSync(join(root, 'cli', 'main.ts'))
const compiled = join(root, '.cache', 'node')
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
  const needed = isPackage ? NEEDED : NEEDED_TO_START
  if (majorOf(process.version) < needed) {
    return `Caretaker needs Node ${needed} or newer; this is ${process.version}. Install it from https://nodejs.org, then run this again.`
  }
  if (isPackage || existsSync(own) || majorOf(process.version) >= NEEDED) return undefined
  return `${own} is not there: run \`npm ci\` first. If you have, your npm ran no install scripts: \`npm rebuild node\` runs the one that is needed (package.json names it under allowScripts).`
}

const problem = complaint()
if (problem !== undefined) {
  console.error(problem)
  process.exitCode = 2
} else if (isPackage) {
  // Node keeps what it compiled: the next command begins half a second earlier.
  module.enableCompileCache(process.env.NODE_COMPILE_CACHE || compiled)
  await import(pathToFileURL(built).href)
} else {
  run(existsSync(own) ? own : process.execPath)
}

function run(node) {
  const child = spawn(node, [join(root, 'cli', 'main.ts'), ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { NODE_COMPILE_CACHE: compiled, ...process.env },
  })
  // Ctrl-C reaches the child by itself; the parent only has to stay until it has ended.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1)
  })
}
