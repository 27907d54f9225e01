import { downloadAudit, showAudit } from './audit.ts'
import { showLookedUp, showLookUp, takeLookUp } from './audit-look-up.ts'

export const auditRoutes = [showAudit, downloadAudit, showLookUp, takeLookUp, showLookedUp]
