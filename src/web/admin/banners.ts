import { z } from 'zod'
import { momentInVietnam, readMoment } from '#kernel/clock.ts'
import { newId } from '#kernel/id.ts'
import { Problem } from '#kernel/problem.ts'
import { bannerFault, bannerKinds, bannerWanted, type Banner, type BannerFault } from '#domain/banner/banner.ts'
import { bannerOrders, bannerStates, type BannerDirectory } from '#domain/banner/search.ts'
import type { BannerStore, ShownBanners } from '#domain/banner/store.ts'
import { posted } from '#web/account/citizen.ts'
import { textsOf, type Language } from '#web/i18n/language.ts'
import { consolePlaces, endBannerPath } from '#web/place/console.ts'
import { addBannerPage, bannersInFile, bannersPage, endBannerPage } from '#web/views/admin/banners.ts'
import type { FieldFault } from '#web/views/field.ts'
import { asFile, listed, oneOf, rowsPerPage, sliceOf, typed as filterText } from './listing.ts'
import { namesOf, officerRoute, ofTheSystem, type OfficerTools } from './officer.ts'

type Tools = OfficerTools & { banners: BannerStore & BannerDirectory; shownBanners: Pick<ShownBanners, 'forget'> }

const asked = z.strictObject({ tim: filterText(100), loai: oneOf(bannerKinds), tinhtrang: oneOf(bannerStates), ...listed(bannerOrders, 'newest') })

const showBanners = officerRoute({
  route: `GET ${consolePlaces.banners}`,
  may: 'banner.write',
  on: ofTheSystem,
  asks: true,
  form: asked,
  act: async (tools: Tools & Parameters<typeof namesOf>[0] & Parameters<typeof asFile>[0], { officer, view }, { dang, ...wish }) => {
    const { rows, all } = await tools.banners.search({ text: wish.tim, kind: wish.loai, state: wish.tinhtrang, order: wish.xep, at: view.at, ...sliceOf({ trang: wish.trang, dang }) })
    const nameOnce = namesOf(tools)
    const told = await Promise.all(rows.map(async (banner) => ({ banner, by: await nameOnce(banner.by) })))
    if (dang === 'csv') return asFile(tools, officer, { table: 'banners', by: 'banner.write', name: 'thong-bao', ...bannersInFile(view, told) })
    return { page: bannersPage(view, { told, all, asked: wish, perPage: rowsPerPage }) }
  },
})

const askToAdd = officerRoute({
  route: `GET ${consolePlaces.addBanner}`,
  may: 'banner.write',
  on: ofTheSystem,
  form: z.strictObject({}),
  act: async (_tools: OfficerTools, { view }) => ({ page: addBannerPage(view, { typed: { startsAt: momentInVietnam(view.at) }, faults: [] }) }),
})

const typedBanner = posted.extend({
  kind: z.string().max(20).default(''), vi: z.string().max(1000), en: z.string().max(1000), startsAt: z.string().trim().max(20), endsAt: z.string().trim().max(20), reason: z.string().trim().max(500),
})
type Typed = z.output<typeof typedBanner>

const addBanner = officerRoute({
  route: `POST ${consolePlaces.addBanner}`,
  may: 'banner.write',
  on: ofTheSystem,
  form: typedBanner,
  act: async ({ banners, shownBanners }: Tools, { officer: { account: by }, view }, typed) => {
    const again = (faults: readonly FieldFault[]) => ({ page: addBannerPage(view, { typed, faults }), status: 422 })
    const read = readBanner(typed, view.language, view.at)
    if ('faults' in read) return again(read.faults)
    const banner: Banner = { ...read.wanted, id: newId(view.at.getTime()), by, reason: typed.reason }
    const fault = await banners.add(banner, { at: view.at, event: { type: 'banner.set', banner: banner.id, kind: banner.kind, by, reason: banner.reason } })
    if (fault !== undefined) return again([inWords(fault, view.language)])
    shownBanners.forget()
    return { redirect: consolePlaces.banners }
  },
})

function readBanner({ kind, vi, en, startsAt, endsAt, reason }: Typed, language: Language, now: Date) {
  const { banners: t, console: { reasonMissing } } = textsOf(language)
  const wanted = bannerWanted.safeParse({ kind, text: { vi, en }, startsAt: readMoment(startsAt), endsAt: readMoment(endsAt) })
  const bad = new Set(wanted.error?.issues.map(({ path }) => String(path.at(-1))))
  const fault = wanted.data && bannerFault(wanted.data, [], now)
  const faults: readonly (FieldFault | false | undefined)[] = [
    bad.has('kind') && { field: `kind-${bannerKinds[0]}`, message: t.kindMissing },
    bad.has('vi') && { field: 'vi', message: t.textMissing },
    bad.has('en') && { field: 'en', message: t.textMissing },
    bad.has('startsAt') && { field: 'startsAt', message: t.badTime },
    bad.has('endsAt') && { field: 'endsAt', message: t.badTime },
    fault && inWords(fault, language),
    reason === '' && { field: 'reason', message: reasonMissing },
  ]
  const said = faults.filter((one) => one !== false && one !== undefined)
  return wanted.data === undefined || said.length > 0 ? { faults: said } : { wanted: wanted.data }
}

function inWords(fault: BannerFault, language: Language): FieldFault {
  return { field: fault === 'too-many' ? 'startsAt' : 'endsAt', message: textsOf(language).banners.faults[fault] }
}

const askToEnd = officerRoute({
  route: `GET ${endBannerPath}`,
  may: 'banner.write',
  on: ofTheSystem,
  form: z.strictObject({ id: z.uuid() }),
  act: async (tools: Tools, { view }, { id }) => ({ page: endBannerPage(view, { banner: await bannerAt(tools, id), reasonMissing: false }) }),
})

/** One person takes it off at once: a wrong sentence on every page must not wait for a second. */
const endBanner = officerRoute({
  route: `POST ${endBannerPath}`,
  may: 'banner.write',
  on: ofTheSystem,
  form: posted.extend({ id: z.uuid(), reason: z.string().trim().max(500) }),
  act: async (tools: Tools, { officer: { account: by }, view }, { id, reason }) => {
    const banner = await bannerAt(tools, id)
    if (reason === '') return { page: endBannerPage(view, { banner, reasonMissing: true }), status: 422 }
    await tools.banners.end(id, { at: view.at, event: { type: 'banner.ended', banner: id, by, reason } })
    tools.shownBanners.forget()
    return { redirect: consolePlaces.banners }
  },
})

export const bannerRoutes = [showBanners, askToAdd, addBanner, askToEnd, endBanner] as const

async function bannerAt({ banners }: Tools, id: string): Promise<Banner> {
  const banner = await banners.find(id)
  if (banner === undefined) throw new Problem('request.not-found')
  return banner
}
