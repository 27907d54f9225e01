import type { Permission } from '#domain/officer/permission.ts'

/** What a program may do for an officer, and the permission that the officer must have for it. Deciding is not among it: a key signs that. */
export const apiScopes = {
  'clients.read': { permission: 'client.read', label: { vi: 'Xem ứng dụng', en: 'Read clients' } },
  'clients.propose': { permission: 'client.propose', label: { vi: 'Đề xuất về ứng dụng', en: 'Propose changes of clients' } },
  'clients.suspend': { permission: 'client.suspend', label: { vi: 'Tạm dừng ứng dụng', en: 'Suspend clients' } },
  'proposals.read': { permission: 'console.open', label: { vi: 'Xem đề xuất', en: 'Read proposals' } },
  'roles.read': { permission: 'role.read', label: { vi: 'Xem vai trò', en: 'Read roles' } },
} as const satisfies Record<string, { permission: Permission; label: { vi: string; en: string } }>

export type ApiScope = keyof typeof apiScopes
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of a literal
export const apiScopeNames = Object.keys(apiScopes) as ApiScope[]
