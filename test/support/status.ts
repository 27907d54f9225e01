/** The status of an answer, or 0 when there is none. */
export async function statusOf(url: string): Promise<number> {
  return fetch(url, { signal: AbortSignal.timeout(5000) }).then(async (response) => {
    await response.arrayBuffer()
    return response.status
  }, () => 0)
}
