/** The page's whole style: it loads nothing. Colours have a contrast of 4.5 to 1 or more. */
export const STYLE = `
:root{color-scheme:light dark;--back:#f6f7f9;--card:#fff;--text:#1b2330;--quiet:#566072;--line:#d9dee7;--strong:#2456c4;--on-strong:#fff;--up:#1a7f45;--busy:#8a5a00}
@media (prefers-color-scheme:dark){:root{--back:#11151c;--card:#1a202b;--text:#e8ecf3;--quiet:#a3aec0;--line:#323b4b;--strong:#8fb2ff;--on-strong:#101624;--up:#6fd39a;--busy:#f0c063}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:grid;place-items:center;padding:1rem;background:var(--back);color:var(--text);font:1rem/1.5 system-ui,sans-serif}
main{width:100%;max-width:34rem;padding:1.5rem;background:var(--card);border:1px solid var(--line);border-radius:.75rem}
h1{margin:0 0 .75rem;font-size:1.5rem;line-height:1.25;overflow-wrap:anywhere}
p{margin:0 0 .75rem;overflow-wrap:anywhere}
ol,ul{margin:0;padding:0;list-style:none}
.tiers{margin:1rem 0;border-top:1px solid var(--line)}
.tiers>li{padding:.5rem 0;border-bottom:1px solid var(--line)}
.tiers ul li{display:flex;justify-content:space-between;gap:1rem}
.tiers ul li span:first-child{overflow-wrap:anywhere}
.state{flex:none;color:var(--quiet)}.up{color:var(--up)}.wakes,.stops{color:var(--busy)}
progress{width:100%;height:.75rem;accent-color:var(--strong)}
button,.button{font:inherit;font-weight:600;padding:.6rem 1.1rem;border:0;border-radius:.5rem;background:var(--strong);color:var(--on-strong);cursor:pointer;display:inline-block;text-decoration:none}
button:focus-visible,.button:focus-visible{outline:3px solid var(--text);outline-offset:2px}
footer{margin-top:1rem;color:var(--quiet);font-size:.875rem}
`
