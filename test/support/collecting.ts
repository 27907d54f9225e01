import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/**
 * For `NODE_OPTIONS=--import`: collects garbage every second, so that what a process says of its memory is what it holds on to, and not what
 * the collector has not come by for yet.
 */
setFlagsFromString('--expose-gc')
runInNewContext('setInterval(gc, 1000)', { setInterval: (collect: () => void, each: number) => void setInterval(collect, each).unref() })
