import { spawn } from 'node:child_process'
import { installed } from '../../local/own-files.ts'
import { Problem } from '../problem.ts'

/** Runs the CDK's command line with these words, and shows what it prints. @throws Problem */
export type Cdk = (words: readonly string[]) => Promise<void>

/**
 * The CDK that Caretaker depends on, on the Node that runs this.
 *
 * @param interrupted ends the CDK; CloudFormation goes on with what it has begun.
 */
export function cdkUntil(interrupted: AbortSignal): Cdk {
  return (words) =>
    new Promise((resolve, reject) => {
      const program = installed('aws-cdk', 'bin/cdk')
      const args = [program, ...words, '--no-notices']
      const child = spawn(process.execPath, args, { stdio: 'inherit' })
      const end = () => child.kill('SIGTERM')
      interrupted.addEventListener('abort', end, { once: true })
      child.on('error', reject)
      child.on('exit', (code, signal) => {
        interrupted.removeEventListener('abort', end)
        if (code === 0) resolve()
        else
          reject(
            new Problem(`cdk ${words[0]} ended with ${signal ?? `exit code ${code}`}; see above`),
          )
      })
    })
}
