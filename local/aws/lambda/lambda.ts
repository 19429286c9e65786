import type { Aws, Operations, Service } from '../aws.ts'
import { AsynchronousQueue } from './asynchronous.ts'
import type { Killer } from './environment.ts'
import { functionOperations } from './functions.ts'
import { invokeOperation } from './invoke.ts'
import { type Invoked, Invoker } from './invoker.ts'
import { FunctionStore } from './model.ts'
import { optionOperations } from './options.ts'
import { permissionOperations } from './permissions.ts'
import type { Runtime } from './runtime.ts'

/** AWS Lambda: runs the real bundles, bound to the simulated clock, ids, network and account. */
export class Lambda implements Service {
  readonly id = 'lambda'
  readonly operations: Operations
  readonly #store: FunctionStore
  readonly #invoker: Invoker

  constructor(aws: Aws, runtime: Runtime) {
    this.#store = new FunctionStore(aws, runtime)
    this.#invoker = new Invoker(this.#store)
    const queue = new AsynchronousQueue(this.#invoker)
    this.operations = {
      ...functionOperations(this.#store),
      ...optionOperations(this.#store),
      ...permissionOperations(this.#store),
      Invoke: invokeOperation(this.#invoker, queue),
    }
  }

  /** Says, before and after every call a function makes, whether the function is killed there. */
  set killer(killer: Killer | undefined) {
    this.#invoker.killer = killer
  }

  /** Called after every invocation, and for every one that was throttled; returns how to stop. */
  onInvoked(listener: (invoked: Invoked) => void): () => void {
    this.#invoker.listeners.add(listener)
    return () => this.#invoker.listeners.delete(listener)
  }

  *tagged(): Iterable<{ arn: string; tags: Record<string, string> }> {
    for (const { arn, tags } of this.#store.functions.values()) yield { arn, tags }
  }
}
