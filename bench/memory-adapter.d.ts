/** oidc-provider's own memory adapter and what it keeps things in; the library has no types for them. */
declare module 'oidc-provider/lib/adapters/memory_adapter.js' {
  import type { Adapter } from 'oidc-provider'
  import type LRU from 'oidc-provider/lib/helpers/lru.js'
  const MemoryAdapter: new (model: string, store: LRU) => Adapter
  export default MemoryAdapter
}

declare module 'oidc-provider/lib/helpers/lru.js' {
  export default class LRU {
    constructor(options: { maxSize: number })
  }
}
