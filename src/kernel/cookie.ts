/** What a browser sends under this name (RFC 6265 §5.4), of several the first, which is that of the longest path. */
export function cookieIn({ cookie }: { cookie?: string | undefined }, name: string): string | undefined {
  return cookie?.split(/; */).find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1)
}
