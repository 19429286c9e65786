import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { Problem } from '../problem.ts'

/** Runs the CDK's command line with these words, and shows what it prints. @throws Problem */
export type Cdk = (words: readonly string[]) => Promise<void>

/** The CDK of this repository, on the Node that runs this. */
export const cdk: Cdk = (words) =>
  new Promise((resolve, reject) => {
    const program = join('node_modules', 'aws-cdk', 'bin', 'cdk')
    const child = spawn(process.execPath, [program, ...words, '--no-notices'], { stdio: 'inherit' })
    child.on('error', reject)
    child.on('exit', (code) => {
      if (code === 0) resolve()
      else reject(new Problem(`cdk ${words[0]} ended with exit code ${code}; see above`))
    })
  })
