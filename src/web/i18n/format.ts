import type { Language } from './language.ts'

const timeZone = 'Asia/Ho_Chi_Minh'
const day = new Intl.DateTimeFormat('en-GB', { timeZone, day: '2-digit', month: '2-digit', year: 'numeric' })
const clock = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
const numbers = { vi: new Intl.NumberFormat('vi-VN'), en: new Intl.NumberFormat('en-US') }

/** `22/11/2026`, the same in both languages, as on the card. */
export function formatDay(at: Date): string {
  return day.format(at)
}

/** `22/11/2026 20:41`, the time in Viet Nam. */
export function formatTime(at: Date): string {
  return `${formatDay(at)} ${formatClock(at)}`
}

export function formatClock(at: Date): string {
  return clock.format(at)
}

/** `1.240` in Vietnamese, `1,240` in English. */
export function formatCount(count: number, language: Language): string {
  return numbers[language].format(count)
}

/** `50.000.000 ₫` in Vietnamese, `₫50,000,000` in English; the decimal text is never made a number that could round it. */
export function formatAmount(amount: string, currency: string, language: Language): string {
  const format = new Intl.NumberFormat(language === 'vi' ? 'vi-VN' : 'en-US', { style: 'currency', currency, minimumFractionDigits: fractions(amount) })
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a decimal text, which Intl reads digit by digit
  return format.format(amount as Intl.StringNumericLiteral)
}

function fractions(amount: string): number {
  return amount.split('.')[1]?.length ?? 0
}

/** `0:24`, for a countdown. */
export function formatWait(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds))
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`
}

/** A calendar day `1962-03-02` or a year `1962` of the registry as people write it: `02/03/1962`, `1962`. */
export function formatBirthDate(birthDate: string): string {
  return birthDate.split('-').toReversed().join('/')
}

/** `l•••@example.com`: the owner recognises it, a bystander learns little. */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf('@')
  return `${email.slice(0, 1)}•••${email.slice(at)}`
}

/** `•••• 4321`: whoever has the card before them sees that it is the one, and nobody learns the number from it. */
export function maskPersonalNumber(number: string): string {
  return `•••• ${number.slice(-4)}`
}

/** A mail address like that, a phone number by its end: `•••• 678`. */
export function maskContact(kind: 'email' | 'phone', value: string): string {
  return kind === 'email' ? maskEmail(value) : `•••• ${value.slice(-3)}`
}
