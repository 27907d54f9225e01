/** In which slot of a cluster a key lies; the library has no types. */
declare module 'cluster-key-slot' {
  const slotOf: (key: string) => number
  export default slotOf
}
