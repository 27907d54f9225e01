import { tokens } from './palette.ts'
import { sheet } from './sheet.ts'

/**
 * The whole style, inline in each page and allowed by its hash. System fonts: nothing to load and full
 * Vietnamese. Rules that keep diacritics whole: line-height never below 1.3, no clipping on text, no upper-case headings.
 * Sizes are in rem, so that 200 % text reflows; the root is left to the reader's own setting.
 */
const readable = `
:root{color-scheme:light dark;${tokens.light}}
@media(prefers-color-scheme:dark){:root{${tokens.dark}}}
*,::before,::after{box-sizing:border-box}
body{margin:0;min-height:100vh;display:flex;flex-direction:column;background:var(--paper);color:var(--ink);
  font:1.1875rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;overflow-wrap:anywhere;
  -webkit-text-size-adjust:100%}
h1,h2,h3,p,ul,ol,dl,dd,fieldset{margin:0;padding:0}
h1{font-size:1.75rem;line-height:1.35;font-weight:700;text-wrap:balance}
h1 .long{display:block;font-size:1.25rem}
h2{font-size:1.25rem;line-height:1.4;font-weight:700}
h3{font-size:1.125rem;line-height:1.4;font-weight:700}
main>*+*,section>*+*{margin-top:1rem}
main form{display:grid;grid-template-columns:minmax(0,1fr);gap:1rem}
main>h2,main>section{margin-top:1.75rem}
a{color:var(--leaf);text-underline-offset:.2em;text-decoration-thickness:1px}
a:hover{color:var(--leafDeep);text-decoration-thickness:2px}
:focus-visible{outline:3px solid var(--focus);outline-offset:3px;border-radius:4px}
main:focus,.faults:focus{outline:0}
[hidden]{display:none!important}
.sr,.skip:not(:focus){position:absolute;width:1px;height:1px;clip-path:inset(50%);overflow:hidden;white-space:nowrap}
.skip{position:absolute;z-index:1;top:.5rem;left:.5rem;padding:.6rem 1rem;background:var(--card)}
.in{max-width:44rem;margin:auto;padding:0 1rem;display:flex;align-items:center;flex-wrap:wrap}
.top{background:var(--card);border-bottom:1px solid var(--line);border-top:4px solid var(--leaf)}
.top .in{min-height:4.25rem;gap:0 .25rem}
.mark{display:flex;align-items:center;gap:.6rem;margin-right:auto;color:var(--leaf);padding:.4rem 0}
.word{font-weight:700;font-size:1.0625rem;line-height:1.3}.word span{display:block}
.emblem{flex:none}
.water{display:none}
.langs{display:flex}
.lang,.lang-now,.helplink,.foot a{display:inline-flex;align-items:center;min-height:3rem;min-width:3rem;
  justify-content:center;padding:0 .5rem;font:inherit;font-size:1rem}
.lang{border:0;background:none;color:var(--leaf);text-decoration:underline;text-underline-offset:.2em;cursor:pointer}
.lang-now{color:var(--quiet);display:none}
main{flex:1;width:100%;max-width:44rem;margin:0 auto;padding:1.75rem 1rem 3rem}
.wide{max-width:64rem}
.foot{border-top:1px solid var(--line);font-size:1rem;color:var(--quiet)}
.foot .in{min-height:4rem;gap:0 1rem}
.foot nav{margin-left:-.5rem}
.lead{font-size:1.1875rem;color:var(--quiet);text-wrap:pretty}.lead strong{color:var(--ink)}
.hint,.quiet{color:var(--quiet)}.hint{font-size:1rem;line-height:1.5}
.plate{display:flex;align-items:center;gap:.75rem;font-weight:600;line-height:1.4}
.plate+h1{margin-top:.75rem}
.logo{flex:none;width:2.75rem;height:2.75rem;display:grid;place-items:center;border:1px solid var(--line);border-radius:10px;
  background:#fff;color:#0b5a53;font-size:1.25rem;font-weight:700;line-height:1.4}
.btn{display:flex;align-items:center;justify-content:center;width:100%;min-height:3.5rem;padding:.7rem min(1.25rem,4vw);
  border:2px solid transparent;border-radius:12px;
  font:inherit;font-weight:600;line-height:1.4;text-align:center;text-decoration:none;cursor:pointer}
.primary{background:var(--leaf);color:var(--onLeaf)}
.primary:hover{background:var(--leafDeep);color:var(--onLeaf)}
.secondary{background:var(--card);border-color:var(--edge);color:var(--ink)}
.secondary:hover{border-color:var(--leaf);color:var(--leafDeep)}
.danger{background:var(--rose);color:var(--onRose)}
.btn.link{width:auto;justify-self:start;border:0;min-height:3rem;padding:.5rem 0;justify-content:flex-start;text-align:left;
  background:none;color:var(--leaf);font-weight:400;text-decoration:underline;text-underline-offset:.2em}
.btn:disabled{background:none;border:2px dashed var(--edge);color:var(--quiet);cursor:default}
.ends{display:flex;flex-wrap:wrap;gap:0 1.5rem}
.pair{display:grid;gap:.75rem}
.codes{display:grid;gap:.75rem}.codes .btn{font-size:1.75rem;letter-spacing:.08em;font-variant-numeric:tabular-nums}
label,legend{display:block;padding:0;font-weight:600;line-height:1.45}
fieldset,.field{border:0;min-width:0}
legend{margin-bottom:.25rem}
.field>input{display:block}
input:not([type=checkbox],[type=radio]),textarea,select{width:100%;min-height:3.5rem;margin-top:.4rem;padding:.6rem .9rem;
  border:2px solid var(--edge);border-radius:10px;background:var(--card);color:var(--ink);font:inherit;line-height:1.4}
input:focus-visible{outline-offset:1px;border-radius:10px}
input.number,input.code{font-size:1.375rem;letter-spacing:.06em;font-variant-numeric:tabular-nums}
input.code{max-width:12rem;letter-spacing:.25em}
.date{display:flex;flex-wrap:wrap;gap:1rem;margin-top:.6rem}.date label{font-weight:400}
.date .d2{width:4.5rem}.date .d4{width:6.5rem}
.bad{border-left:5px solid var(--rose);padding-left:.9rem}
.bad input:not([type=checkbox]){border-color:var(--rose)}
.field .error{margin-top:.3rem;color:var(--rose);font-weight:600;line-height:1.45}
.faults{border:3px solid var(--rose);border-radius:12px;padding:1rem 1.25rem;background:var(--card)}
.faults ul{list-style:none}
.faults a{display:block;padding:.6rem 0;color:var(--rose);font-weight:600}
.choice{display:flex;gap:.25rem;padding:.1rem 0}
.choice input{flex:none;width:1.75rem;height:1.75rem;margin:.6rem .6rem .6rem 0;accent-color:var(--leaf)}
.choice label{flex:1;min-height:3rem;padding:.65rem 0;font-weight:400;cursor:pointer}
.choice .hint,.fact{display:block}
.notice{border-left:5px solid var(--sky);border-radius:4px 12px 12px 4px;padding:.9rem 1.1rem;background:var(--skyWash)}
.notice strong{color:var(--sky)}
.notice.success{background:var(--leafWash);border-color:var(--leaf)}.success strong{color:var(--leaf)}
.notice.warning{background:var(--amberWash);border-color:var(--amber)}.warning strong{color:var(--amber)}
.notice.error{background:var(--roseWash);border-color:var(--rose)}.notice.error strong{color:var(--rose)}
.notice>*+*{margin-top:.6rem}
.note:empty{display:none}.note{color:var(--quiet)}
.or{display:flex;align-items:center;gap:1rem;color:var(--quiet)}
.or::before,.or::after{flex:1;content:"";border-top:1px solid var(--line)}
.progress{display:flex;align-items:center;gap:.9rem;color:var(--quiet);font-size:1rem}
.dots{display:flex;flex:1;gap:.35rem;max-width:12rem}
.dots i{flex:1;height:6px;border-radius:3px;background:var(--line)}.dots .on{background:var(--leaf)}
.badge{display:inline-block;padding:.2rem .9rem;border-radius:99px;border:2px solid var(--leaf);background:var(--leafWash);
  color:var(--leaf);font-weight:700}
.level2{background:var(--leaf);color:var(--onLeaf)}
.tag{display:inline-block;padding:0 .6rem;border:1px solid var(--amber);border-radius:99px;background:var(--amberWash);
  color:var(--amber);font-size:.9375rem;font-weight:600}
.summary{border:1px solid var(--line);border-radius:12px;background:var(--card);padding:.25rem 1.1rem}
.summary div{padding:.75rem 0}.summary div+div{border-top:1px solid var(--line)}
dt{color:var(--quiet);font-size:1rem;line-height:1.5}dd{font-weight:600;line-height:1.5}
.share+.share{border-top:1px solid var(--line);padding-top:1rem}
.terms .summary{background:none;border:0;padding:0}.terms dd,.fact{font-weight:400}.terms .summary div{padding:.5rem 0;border:0}
.list,.steps{padding-left:1.4rem}.list li+li,.steps li+li,.fact+.fact{margin-top:.4rem}
.yes{list-style:none;padding:0}.yes li{position:relative;padding-left:2rem}
.yes li::before{content:"";position:absolute;left:.35rem;top:.38em;width:.5em;height:.85em;border:solid var(--leaf);
  border-width:0 3px 3px 0;transform:rotate(42deg)}
.steps{list-style:none;padding:0;counter-reset:s}.steps li{position:relative;padding-left:3rem;min-height:2.25rem;
  counter-increment:s}
.steps li+li{margin-top:.75rem}
.steps li::before{content:counter(s);position:absolute;left:0;top:-.15rem;width:2.1rem;height:2.1rem;border-radius:50%;
  display:grid;place-items:center;background:var(--leafWash);color:var(--leaf);font-weight:700}
.ways{margin-top:1.75rem;border-top:1px solid var(--line);padding-top:.5rem}
.ways ul{list-style:none}.ways a{display:flex;align-items:center;min-height:3rem}
.ways+form{margin-top:.25rem}
.cards{list-style:none;display:grid;gap:.75rem}
.cards a{display:block;padding:.9rem 2.75rem .9rem 1.1rem;border:1px solid var(--edge);border-radius:12px;
  background:var(--card);text-decoration:none;position:relative}
.cards strong,.cards span{display:block}.cards span{color:var(--quiet);font-size:1rem}
.cards a:hover{border-color:var(--leaf);background:var(--leafWash)}
.cards a::after{content:"";position:absolute;right:1.25rem;top:50%;width:.6rem;height:.6rem;margin-top:-.35rem;
  border:solid var(--leaf);border-width:3px 3px 0 0;transform:rotate(45deg)}
.ref{border-top:1px solid var(--line);padding-top:1rem;margin-top:1.75rem}
.big{font-size:1.5rem}
.match{font-size:3rem;line-height:1.3;font-weight:700;font-variant-numeric:tabular-nums}
pre{margin:0;white-space:pre-wrap}
.mono{font-family:ui-monospace,monospace}
summary{min-height:3rem;padding:.65rem 0;color:var(--leaf);cursor:pointer;text-decoration:underline;text-underline-offset:.2em}
table{width:100%;border-collapse:collapse;text-align:left}
caption{text-align:left;font-weight:700;padding-bottom:.5rem}
th,td{padding:.7rem .75rem .7rem 0;border-bottom:1px solid var(--line);vertical-align:top;line-height:1.5}
thead th{color:var(--quiet);font-size:1rem;font-weight:600}
@media(max-width:40rem){
thead{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}
table,caption,tbody,tr,td,tbody th{display:block}
tr{border:1px solid var(--line);border-radius:12px;background:var(--card);padding:.4rem 1.1rem;margin-bottom:.75rem}
td,tbody th{border:0;padding:.4rem 0}
.ends .btn{flex-basis:100%}
[data-label]::before{content:attr(data-label);display:block;color:var(--quiet);font-size:1rem;font-weight:400}
}
@media(min-width:40rem){
main{flex:none;margin:2.5rem auto 3rem;padding:2.75rem 3.25rem 3rem;border:1px solid var(--line);border-radius:20px;
  background:var(--card)}
.water{display:block;position:fixed;z-index:-1;right:-7rem;bottom:-9rem;width:38rem;height:38rem;color:var(--line);opacity:.4}
h1{font-size:2rem}h1 .name{display:inline-block}.foot{margin-top:auto}
.lang-now{display:inline-flex}
.pair{grid-template-columns:1fr 1fr}
.summary div{display:grid;grid-template-columns:13rem 1fr;gap:1rem;align-items:baseline}
}
@media(forced-colors:active){.btn,.badge,.tag,.notice,.dots i{border:2px solid}.dots .on{background:Highlight;
  forced-color-adjust:none}}
@media(prefers-reduced-motion:no-preference){.btn,.cards a{transition:background-color .15s,border-color .15s}}
@media print{.langs,.foot,.helplink,.btn{display:none}body{background:#fff;color:#000}}
`

export const { text: style, hash: styleHash } = sheet(readable)
