import type { Person } from '#domain/registry/person.ts'

/** Whom somebody asks in person: a foreigner the immigration authority, everybody else the police of a commune (Decree 69/2024 Art 10.2, 11.2). */
export const offices = ['commune', 'immigration'] as const
export type Office = (typeof offices)[number]

export const officeFor = ({ kind }: Pick<Person, 'kind'>): Office => (kind === 'foreigner' ? 'immigration' : 'commune')
