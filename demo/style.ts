import { createHash } from 'node:crypto'

/** Deliberately unlike the provider's pages, so that everybody sees when they have left one site for the other. */
export const style = `
:root{color-scheme:light dark;--ink:light-dark(#1c2b2a,#e6efee);--soft:light-dark(#4b5f5d,#a9bcba);--page:light-dark(#f4f7f6,#101817);
--card:light-dark(#fff,#182423);--line:light-dark(#c9d6d4,#34504d);--brand:light-dark(#0b5d57,#0d4f4a);--act:light-dark(#0b5d57,#7fd6cb);--on:light-dark(#fff,#08211f)}
[data-site=library]{--brand:light-dark(#6b3a1e,#57301a);--act:light-dark(#6b3a1e,#eab48f);--on:light-dark(#fff,#2a1407)}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:1.125rem/1.6 system-ui,"Segoe UI",Roboto,"Noto Sans",sans-serif;overflow-wrap:break-word}
header{background:var(--brand);color:#fff}
.bar,main,footer{max-width:60rem;margin:0 auto;padding:1rem 1.25rem}
.bar{display:flex;flex-wrap:wrap;gap:.75rem 1.5rem;align-items:center;justify-content:space-between}
.brand{font-weight:700;font-size:1.25rem;color:#fff;text-decoration:none}
.bar button{background:none;color:#fff;border:1px solid #ffffff99}
.test{background:light-dark(#ffe9a8,#4a3b06);color:light-dark(#3d2f00,#ffe9a8)}
.test p{max-width:60rem;margin:0 auto;padding:.4rem 1.25rem;font-size:1rem}
h1{font-size:clamp(1.7rem,5vw,2.4rem);line-height:1.35;margin:1.5rem 0 .5rem}
h2{font-size:1.3rem;line-height:1.4;margin:2rem 0 .75rem}
.lead{font-size:1.25rem;color:var(--soft);margin:0 0 1.5rem;max-width:38rem}
button,.button{display:inline-block;min-height:3rem;padding:.6rem 1.25rem;border:1px solid transparent;border-radius:.4rem;font:inherit;cursor:pointer;text-decoration:none}
.primary{background:var(--act);color:var(--on);font-weight:650}
.quiet{background:none;color:var(--act);border-color:var(--act)}
a{color:var(--act)}
:focus-visible{outline:3px solid light-dark(#b35c00,#ffc36b);outline-offset:3px}
.hint{color:var(--soft);margin:.5rem 0 0}
main>:is(form,.hint)+form{margin-top:.75rem}
.offers{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(14rem,100%),1fr));gap:.75rem;padding:0;margin:2rem 0;list-style:none}
.offers li,dl,.plate{background:var(--card);border:1px solid var(--line);border-radius:.5rem}
.offers li{padding:1rem;border-left:.3rem solid var(--brand)}
.plate{padding:1rem 1.25rem;border-left:.3rem solid light-dark(#b35c00,#ffc36b);margin:1rem 0 1.5rem}
dl{margin:0;padding:.25rem 1.25rem}
dl div{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,2fr);gap:.25rem 1.5rem;padding:.7rem 0;border-bottom:1px solid var(--line)}
dl div:last-child{border:0}
dt{color:var(--soft)}
dd{margin:0;font-weight:550;overflow-wrap:anywhere}
dd small{display:block;font-weight:400;color:var(--soft)}
details{margin:1.25rem 0}
summary{cursor:pointer;min-height:2.75rem;padding:.5rem 0}
pre{overflow:auto;background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:1rem;font-size:1rem;line-height:1.5}
.acts{display:flex;flex-wrap:wrap;gap:1rem;margin:2rem 0;align-items:center}
footer{color:var(--soft);font-size:1rem}
@media(max-width:34rem){dl div{grid-template-columns:minmax(0,1fr)}.wide{width:100%}}
`

/** For the Content-Security-Policy (CSP3 §8.3): this style and no other. */
export const styleHash = `'sha256-${createHash('sha256').update(style).digest('base64')}'`
