import type { Aws, Operations, Service } from '../aws.ts'
import { type Tags, taggable } from '../tags.ts'
import { AsynchronousQueue } from './asynchronous.ts'
import type { Killer } from './environment.ts'
import { EventSourceMappings } from './event-source/mappings.ts'
import { functionOperations } from './functions.ts'
import { invokeOperation } from './invoke.ts'
import { type InvocationListener, Invoker } from './invoker.ts'
import { concurrencyOperations, eventInvokeOperations } from './options.ts'
import { permissionOperations } from './permissions.ts'
import type { Runtime } from './runtime.ts'
import { FunctionStore } from './store.ts'
import { urlOperations } from './url/config.ts'
import { Entrance } from './url/entrance.ts'

/** AWS Lambda: runs the real bundles, bound to the simulated clock, ids, network and account. */
export class Lambda implements Service {
  readonly id = 'lambda'
  readonly operations: Operations
  /** Where requests to the functions' URLs arrive. */
  readonly entrance: Entrance
  readonly #store: FunctionStore
  readonly #invoker: Invoker
  readonly #mappings: EventSourceMappings

  constructor(aws: Aws, runtime: Runtime) {
    this.#store = new FunctionStore(aws, runtime)
    this.#invoker = new Invoker(this.#store)
    this.entrance = new Entrance(this.#invoker)
    this.#mappings = new EventSourceMappings(this.#invoker)
    const queue = new AsynchronousQueue(this.#invoker)
    this.operations = {
      ...functionOperations(this.#store),
      ...concurrencyOperations(this.#store),
      ...eventInvokeOperations(this.#store),
      ...taggable(
        {
          operations: ['TagResource', 'UntagResource', 'ListTags'],
          resource: 'Resource',
          form: 'map',
        },
        (arn) => this.#tagsOf(arn),
      ),
      ...this.#mappings.operations,
      ...permissionOperations(this.#store),
      ...urlOperations(this.#store),
      Invoke: invokeOperation(this.#invoker, queue),
    }
  }

  /** Says, before and after every call a function makes, whether the function is killed there. */
  set killer(killer: Killer | undefined) {
    this.#invoker.killer = killer
  }

  /** Called after every invocation, and for every one that was throttled; returns how to stop. */
  onInvoked(listener: InvocationListener): () => void {
    this.#invoker.listeners.add(listener)
    return () => this.#invoker.listeners.delete(listener)
  }

  #tagsOf(arn = ''): Tags {
    return arn.includes(':event-source-mapping:')
      ? this.#mappings.find(arn).tags
      : this.#store.find(arn).tags
  }

  *tagged(): Iterable<{ arn: string; tags: Tags }> {
    for (const { arn, tags } of this.#store.functions.values()) yield { arn, tags }
    for (const { arn, tags } of this.#mappings.all) yield { arn, tags }
  }
}
