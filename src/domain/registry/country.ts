import file from '#config/countries.json' with { type: 'json' }

/** Three letters of the machine-readable zone, and two by which the name is found (`config/countries.json`). */
export const countryCodes: ReadonlyMap<string, string> = new Map(Object.entries(file.codes))

/** Whether this state issues passports that a foreigner may hold: every one but ours. */
export const issuesPassports = (country: string): boolean => countryCodes.has(country)
