import table from '#config/provinces.json' with { type: 'json' }

/** One of the 34 units in which people live since July 2025, with the birth-registration codes of the units it took in. */
export type Province = (typeof table.provinces)[number]

export const provinces: readonly Province[] = table.provinces

const byCode = new Map(provinces.map((province) => [province.code, province]))

/** A province of residence by its two-digit code (Decision 19/2025/QĐ-TTg); never for the digits of a personal number. */
export const residenceProvince = (code: string): Province | undefined => byCode.get(code)
