import { sheet } from './sheet.ts'

/**
 * What pages for work have besides: those of officers and of developers, which are read at a desk, hold long tables and lead to each
 * other. The first visit of a citizen does not pay for it.
 */
export const workStyle = sheet(`
body:has(main.wide) .in{max-width:76rem}
main.wide{max-width:76rem}
.tag{white-space:nowrap}
.rooms ul,.trail ol{list-style:none;margin:0;padding:0;display:flex;flex-wrap:wrap;gap:0 1.25rem}
.rooms ul{border-bottom:1px solid var(--line)}
.rooms a,.trail a,.up a{display:inline-flex;align-items:center;min-height:3rem}
.rooms [aria-current]{font-weight:700;text-decoration:none;border-bottom:3px solid var(--leaf)}
.rooms ul+ul{margin:0;font-size:1.0625rem;padding-left:.75rem;border-left:3px solid var(--leaf)}
.trail{font-size:1rem;color:var(--quiet)}.trail ol{gap:0 .6rem;align-items:center}
.trail li+li::before{content:"›";margin-right:.6rem}
main .seek{display:flex;gap:.5rem;margin-bottom:.5rem}
main .seek input{margin:0;min-height:3rem;max-width:26rem;padding:.3rem .9rem}main .seek .btn{flex:none;width:auto;min-width:0;min-height:3rem;padding:.3rem 1rem}
.bars{display:block;width:100%;height:9rem;border-bottom:1px solid var(--edge)}
.good{fill:var(--leaf)}rect.bad{fill:var(--rose)}.whole{fill:var(--edge)}
tbody .seq{white-space:nowrap}
.pass{color:var(--leaf)}.fail{color:var(--rose)}
.part{border-top:1px solid var(--line);padding-top:1rem}
.block{border:1px solid var(--line);border-radius:12px;padding:1rem}
.block>*+*{margin-top:1rem}
.block legend{padding:0 .4rem}
@media(min-width:40rem){
.btn:not(.link){width:auto;min-width:12rem;justify-self:start}
main>.btn,section>.btn{display:inline-flex;margin-right:.75rem}
table,thead th{font-size:1rem}
th,td{padding:.5rem .75rem .55rem 0}
th,td{overflow-wrap:break-word}
.mono,pre,code,tbody li,tbody a{overflow-wrap:anywhere}
.field>*,.part .hint{max-width:44rem}
.block fieldset{display:grid;grid-template-columns:repeat(auto-fill,minmax(17rem,1fr));max-width:none}
.block legend{grid-column:1/-1}
}
@media print{.rooms,.trail,main form,main .seek,.noprint,main>p>a{display:none}}
`)
