import jsqr from 'jsqr'
import type { Locator, Page } from 'playwright-core'
import { z } from 'zod'

type Picture = { data: Uint8ClampedArray; width: number; height: number }

/** What a camera reads there: dark on light, as many readers know nothing else. */
export function readQr({ data, width, height }: Picture): string | undefined {
  return jsqr.default(data, width, height, { inversionAttempts: 'dontInvert' })?.data
}

const pixels = z.object({ width: z.int(), height: z.int(), data: z.array(z.int()) })

/** What the camera of a phone reads from a screen. */
export async function scan(picture: Locator, phone: Page): Promise<string | undefined> {
  const { data, ...size } = pixels.parse(await pixelsOf(phone, await picture.screenshot()))
  return readQr({ ...size, data: Uint8ClampedArray.from(data) })
}

/** By the browser's own reader of pictures; it must have scripts, which the screen need not. */
function pixelsOf(page: Page, png: Buffer): Promise<unknown> {
  return page.evaluate(`(async () => {
    const bytes = Uint8Array.from(atob('${png.toString('base64')}'), (sign) => sign.charCodeAt(0))
    const picture = await createImageBitmap(new Blob([bytes], { type: 'image/png' }))
    const { width, height } = picture
    const canvas = new OffscreenCanvas(width, height).getContext('2d')
    canvas.drawImage(picture, 0, 0)
    return { width, height, data: [...canvas.getImageData(0, 0, width, height).data] }
  })()`)
}
