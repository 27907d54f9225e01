/** The status of an answer, or 0 when there is none in time. */
export async function statusOf(url: string, milliseconds = 5000): Promise<number> {
  return fetch(url, { signal: AbortSignal.timeout(milliseconds) }).then(async (response) => {
    await response.arrayBuffer()
    return response.status
  }, () => 0)
}
