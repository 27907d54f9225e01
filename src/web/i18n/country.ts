import { countryCodes } from '#domain/registry/country.ts'
import { languages, type Language } from './language.ts'

function choicesIn(language: Language): readonly { value: string; label: string }[] {
  const names = new Intl.DisplayNames(language, { type: 'region' })
  const choices = [...countryCodes].map(([value, region]) => ({ value, label: names.of(region) ?? value }))
  const order = new Intl.Collator(language)
  return choices.toSorted((one, other) => order.compare(one.label, other.label))
}

const choices = new Map(languages.map((language) => [language, choicesIn(language)]))

/** Every country but ours by its name, in the order of the language's alphabet. */
export const countryChoices = (language: Language): readonly { value: string; label: string }[] => choices.get(language) ?? []

/** The name of a country by its three letters, as people here say it; of what is no country the letters. */
export function countryName(code: string, language: Language): string {
  if (code === 'VNM') return language === 'vi' ? 'Việt Nam' : 'Viet Nam'
  return countryChoices(language).find(({ value }) => value === code)?.label ?? code
}
