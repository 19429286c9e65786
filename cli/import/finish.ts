import type { Draft } from './draft.ts'
import { withExports } from './variables.ts'

/**
 * Lets the command of a service put together the variables that ECS cannot; where nothing says what
 * the command is, they are left out.
 */
export function finish(draft: Draft): void {
  const { is, exports, report, file } = draft
  if (exports.size === 0) return
  if (is.preDeploy !== undefined) is.preDeploy = withExports(is.preDeploy, exports)
  if (is.entryPoint !== undefined) is.entryPoint = withExports(is.entryPoint, exports)
  else if (is.command !== undefined) is.command = withExports(is.command, exports)
  else {
    const names = [...exports.keys()].join(', ')
    const [words] = [withExports(['<the CMD of its Dockerfile>'], exports)]
    report.takeBack(file, 'command', {
      because: `a password is in it, which only the running container knows, and nothing here says what its command is (${names})`,
      remedy: `write into ${file}: command: ${JSON.stringify(words)}`,
    })
  }
}
